# syntax=docker/dockerfile:1
# A web shop: assets are bundled in one stage, the server ships without development dependencies.
ARG NODE_VERSION=22

FROM node:${NODE_VERSION}-bookworm-slim AS base
ENV NODE_ENV=production \
    NPM_CONFIG_UPDATE_NOTIFIER=false
WORKDIR /app

FROM base AS dependencies
COPY package.json package-lock.json ./
COPY packages/ui/package.json packages/ui/
RUN --mount=type=cache,target=/root/.npm \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --include=dev

FROM dependencies AS assets
COPY packages packages
COPY tsconfig.json vite.config.ts ./
RUN npm run build --workspaces --if-present \
 && npm prune --omit=dev

FROM base
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini ca-certificates \
 && rm -rf /var/lib/apt/lists/*
COPY --from=assets --chown=node:node /app/node_modules node_modules
COPY --from=assets --chown=node:node /app/dist dist
COPY --chown=node:node server.js ./
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:3000/health').then(r => process.exit(r.ok ? 0 : 1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "server.js"]
