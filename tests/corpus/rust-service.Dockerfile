# syntax=docker/dockerfile:1
# Dependencies are built from the manifests alone, so that a change of the code keeps their layer.
FROM rust:1.95-slim-bookworm AS chef
RUN cargo install cargo-chef --locked --version 0.1.73
WORKDIR /work

FROM chef AS plan
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends pkg-config libssl-dev protobuf-compiler \
 && rm -rf /var/lib/apt/lists/*
COPY --from=plan /work/recipe.json recipe.json
RUN cargo chef cook --release --recipe-path recipe.json
COPY . .
RUN --mount=type=ssh cargo build --release --locked --bin ledger

FROM gcr.io/distroless/cc-debian12
COPY --from=build /work/target/release/ledger /usr/local/bin/ledger
ENV RUST_LOG=info
EXPOSE 50051
ENTRYPOINT ["/usr/local/bin/ledger"]
