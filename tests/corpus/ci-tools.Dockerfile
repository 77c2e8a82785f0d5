FROM ubuntu:24.04
ARG DEBIAN_FRONTEND=noninteractive
ARG KUBECTL_VERSION=1.34.1
ARG HELM_VERSION=3.19.0
ARG TARGETARCH=amd64
SHELL ["/bin/bash", "-euxo", "pipefail", "-c"]

RUN apt-get update && apt-get install -y --no-install-recommends \
      bash ca-certificates curl git git-lfs gnupg jq make openssh-client python3 rsync unzip \
    && rm -rf /var/lib/apt/lists/*

RUN curl -fsSL https://packages.example.com/keys/tool.asc | gpg --dearmor -o /usr/share/keyrings/tool.gpg \
    && echo "deb [signed-by=/usr/share/keyrings/tool.gpg] https://packages.example.com/apt stable main" > /etc/apt/sources.list.d/tool.list

RUN curl -fsSLo /usr/local/bin/kubectl "https://dl.k8s.io/release/v${KUBECTL_VERSION}/bin/linux/${TARGETARCH}/kubectl" \
    && curl -fsSL "https://dl.k8s.io/release/v${KUBECTL_VERSION}/bin/linux/${TARGETARCH}/kubectl.sha256" | sed 's,$,  /usr/local/bin/kubectl,' | sha256sum -c - \
    && chmod 0755 /usr/local/bin/kubectl \
    && curl -fsSL "https://get.helm.sh/helm-v${HELM_VERSION}-linux-${TARGETARCH}.tar.gz" | tar -xz -C /usr/local/bin --strip-components=1 "linux-${TARGETARCH}/helm"

RUN curl -sSL https://install.example.com/poetry.py | python3 - --version 2.1.4
RUN sh -c "$(curl -fsSL https://install.example.com/task.sh)" -- -d -b /usr/local/bin
RUN eval "$(ssh-agent -s)" && ssh-add -l || true

WORKDIR /work
ENTRYPOINT ["/bin/bash", "-lc"]
