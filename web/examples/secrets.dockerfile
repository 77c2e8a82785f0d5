# syntax=docker/dockerfile:1
# A Node application that is built with everything it might need.
FROM node:22-bookworm

ARG NPM_TOKEN=§NPM_TOKEN§
ARG GIT_PASSWORD

ENV NODE_ENV=production
ENV AWS_ACCESS_KEY_ID=§AWS_KEY§
ENV AWS_SECRET_ACCESS_KEY=§AWS_SECRET§
ENV DATABASE_URL=postgres://shop:Wint3r-Sturm-88@db.internal:5432/shop

WORKDIR /srv/shop

# The token is needed for one command only, so it is taken away again below.
RUN echo "//registry.npmjs.org/:_authToken=${NPM_TOKEN}" > .npmrc

COPY package.json package-lock.json ./
RUN npm ci --omit=dev && rm .npmrc

COPY .env .env
COPY certs/server.key /etc/ssl/private/server.key
COPY . .

RUN git clone https://deploy:${GIT_PASSWORD}@git.example.com/shop/themes.git themes \
    && curl -fsS -H "Authorization: Bearer §GITHUB_TOKEN§" \
        https://assets.example.com/bundle.tgz | tar -xz -C public

RUN chown -R node:node /srv/shop
USER node

EXPOSE 3000
CMD ["node", "server.js"]
