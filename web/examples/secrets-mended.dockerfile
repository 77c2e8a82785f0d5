# The Node build again. Its token is there while one command runs, and in no layer.
FROM node:22-bookworm AS build

WORKDIR /srv/shop
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --omit=dev

FROM node:22-bookworm-slim
WORKDIR /srv/shop
COPY --from=build /srv/shop/node_modules node_modules
COPY server.js ./
COPY public public

# What the process has to know is handed in where it is run.
USER node
EXPOSE 3000
CMD ["node", "server.js"]
