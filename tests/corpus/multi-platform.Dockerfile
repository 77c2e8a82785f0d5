# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM tonistiigi/xx:1.6.1 AS xx
FROM --platform=$BUILDPLATFORM alpine:3.22 AS build
COPY --from=xx / /
RUN apk add --no-cache clang lld make pkgconf
ARG TARGETPLATFORM
RUN xx-apk add --no-cache gcc musl-dev zlib-dev zlib-static
WORKDIR /src
COPY Makefile ./
COPY src src
RUN make CC=xx-clang STATIC=1 && xx-verify --static bin/relay

FROM scratch AS binary
COPY --from=build /src/bin/relay /relay

FROM alpine:3.22 AS image-amd64
FROM alpine:3.22 AS image-arm64
FROM image-${TARGETARCH}
COPY --from=binary /relay /usr/bin/relay
USER nobody
ENTRYPOINT ["relay"]
