# syntax=docker/dockerfile:1
# A service in one static file, on nothing.
FROM golang:1.26.4-trixie@sha256:ef8c5c733079ac219c77edab604c425d748c740d8699530ea6aced9de79aea40 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY cmd cmd
COPY internal internal
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/relay ./cmd/relay

FROM scratch
LABEL org.opencontainers.image.title="relay" \
      org.opencontainers.image.source="https://git.example.com/relay" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=0:0 --chmod=0555 /out/relay /relay
USER 65532:65532
EXPOSE 8443
HEALTHCHECK --interval=30s --timeout=3s CMD ["/relay", "-check"]
ENTRYPOINT ["/relay"]
