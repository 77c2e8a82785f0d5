FROM alpine:3.22

ENV LANG=C.UTF-8 TRANSCODER_VERSION=4.2

RUN set -eux; \
	apk add --no-cache --virtual .build-deps \
		autoconf \
		automake \
		curl \
		gcc \
		libtool \
		make \
		musl-dev \
	; \
	curl -fsSL -o /tmp/t.tar.gz "https://example.org/transcoder-$TRANSCODER_VERSION.tar.gz"; \
	echo "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  /tmp/t.tar.gz" | sha256sum -c -; \
	mkdir -p /usr/src/transcoder; \
	tar --strip-components=1 -C /usr/src/transcoder -xzf /tmp/t.tar.gz; \
	cd /usr/src/transcoder; \
	./configure --disable-static; \
	make -j "$(getconf _NPROCESSORS_ONLN)"; \
	make install-strip; \
	rm -rf /usr/src/transcoder /tmp/t.tar.gz; \
	runDeps="$( \
		scanelf --needed --nobanner --recursive /usr/local \
			| awk '{ gsub(/,/, "\nso:", $2); print "so:" $2 }' \
			| sort -u \
	)"; \
	apk add --no-cache --virtual .run-deps $runDeps; \
	apk del --no-network .build-deps

RUN adduser -D -H -u 2000 media
USER media
ENTRYPOINT ["transcoder"]
CMD ["--help"]
