ARG PG_MAJOR=17
FROM postgres:${PG_MAJOR}-bookworm

ENV PGVECTOR_VERSION=0.8.1
RUN set -ex \
    && fetchDeps=' \
        build-essential \
        ca-certificates \
        git \
        postgresql-server-dev-'"$PG_MAJOR"' \
    ' \
    && apt-get update \
    && apt-get install -y --no-install-recommends $fetchDeps \
    && git clone --depth 1 --branch "v$PGVECTOR_VERSION" https://github.com/pgvector/pgvector.git /tmp/pgvector \
    && make -C /tmp/pgvector OPTFLAGS="" install \
    && rm -rf /tmp/pgvector /var/lib/apt/lists/* \
    && apt-get purge -y --auto-remove $fetchDeps
COPY --chmod=0755 initdb.d/ /docker-entrypoint-initdb.d/
ENV POSTGRES_PASSWORD=postgres POSTGRES_DB=search
HEALTHCHECK CMD pg_isready -U postgres || exit 1
