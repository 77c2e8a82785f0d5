ARG VARIANT="bookworm"
FROM mcr.microsoft.com/devcontainers/base:${VARIANT}

ARG USERNAME=vscode
RUN apt-get update && export DEBIAN_FRONTEND=noninteractive \
    && apt-get -y install --no-install-recommends \
        build-essential gdb clang-format cmake \
        zsh fzf ripgrep sudo docker.io \
    && apt-get autoremove -y && apt-get clean -y && rm -rf /var/lib/apt/lists/*
RUN usermod -aG docker,sudo $USERNAME
# hadolint ignore=DL3004
RUN su vscode -c 'umask 0002 && curl -fsSL https://install.example.dev/nvm.sh | bash'
# plimsoll: ignore[editor-or-debugger-in-final] a development container is made of tools
RUN apt-get update && apt-get -y install --no-install-recommends python3-pip strace
USER $USERNAME
