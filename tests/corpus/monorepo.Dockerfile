# syntax=docker/dockerfile:1
# check=skip=SecretsUsedInArgOrEnv
# One file for all services; `--target` picks one. Without a target the gateway is built.
ARG BASE_IMAGE
FROM node:22.12.0-bookworm AS workspace
WORKDIR /repo
RUN corepack enable
COPY .npmrc package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages packages
RUN --mount=type=cache,id=pnpm,target=/root/.local/share/pnpm/store pnpm install --frozen-lockfile

FROM workspace AS build
ARG SENTRY_AUTH_TOKEN
COPY services services
RUN pnpm -r build && SENTRY_AUTH_TOKEN=$SENTRY_AUTH_TOKEN pnpm sourcemaps

FROM build AS deploy-billing
RUN pnpm deploy --filter=billing --prod /prod/billing
FROM build AS deploy-gateway
RUN pnpm deploy --filter=gateway --prod /prod/gateway

FROM ${BASE_IMAGE:-node:22.12.0-bookworm-slim} AS runtime
RUN groupadd -g 2001 app && useradd -u 2001 -g app app
WORKDIR /srv
USER app

FROM runtime AS billing
COPY --from=deploy-billing /prod/billing .
CMD ["node", "dist/main.js"]

FROM runtime AS gateway
COPY --from=deploy-gateway /prod/gateway .
EXPOSE 8080
CMD ["node", "dist/main.js"]
