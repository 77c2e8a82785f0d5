FROM debian:12 AS build
RUN apt-get update && apt-get -y install --no-install-recommends \
        ca-certificates cmake g++ ninja-build git \
        libboost-system-dev libevent-dev libsqlite3-dev && \
    rm -rf /var/lib/apt/lists/*
ADD --checksum=sha256:24fe1b4a0b2a3ef7c3c9b2a7f1b0c9d8e7f6a5b4c3d2e1f00f1e2d3c4b5a6978 \
    https://example.org/releases/libfoo-1.4.2.tar.gz /tmp/libfoo.tar.gz
RUN tar -C /tmp -xzf /tmp/libfoo.tar.gz && \
    cmake -S /tmp/libfoo-1.4.2 -B /tmp/build -G Ninja -DCMAKE_BUILD_TYPE=Release && \
    cmake --build /tmp/build --target install
COPY . /src
RUN cmake -S /src -B /out -G Ninja && ninja -C /out

FROM debian:12-slim
RUN apt-get update && apt-get -y install --no-install-recommends libevent-2.1-7 libsqlite3-0 && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --system --uid 990 --home-dir /var/lib/daemon --create-home daemonuser
COPY --from=build /usr/local/lib/libfoo.so.1 /usr/local/lib/
COPY --from=build /out/daemon /usr/local/bin/
RUN ldconfig
USER daemonuser
WORKDIR /var/lib/daemon
CMD ["daemon", "--foreground"]
