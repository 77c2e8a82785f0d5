# A name server without anything around it.
FROM alpine:3.23 AS build
RUN apk add --no-cache build-base linux-headers openssl-dev openssl-libs-static
WORKDIR /src
COPY . .
RUN make LDFLAGS=-static CC="gcc" && strip named && adduser -S -D -H -u 5353 dns

FROM scratch
COPY --from=build --chown=dns:dns /src/named /named
COPY --chmod=0644 zones/ /zones/
COPY dnssec/Kexample.com.+013+11111.key dnssec/Kexample.com.+013+11111.private /keys/
VOLUME /cache
EXPOSE 53/udp 53/tcp
USER dns
ENTRYPOINT ["/named", "-f", "/zones"]
