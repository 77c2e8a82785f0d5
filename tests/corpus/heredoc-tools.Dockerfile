# syntax=docker/dockerfile:1
FROM fedora:42
RUN <<'EOF' bash -xe
dnf -y install --setopt=install_weak_deps=False nmap-ncat tcpdump bind-utils
dnf clean all
useradd -u 1200 probe
EOF
RUN <<PYTHON python3
import os, pathlib
pathlib.Path("/etc/probe").mkdir(mode=0o777)
os.chmod("/etc/probe", 0o777)
PYTHON
COPY --chown=probe <<one.conf <<two.conf /etc/probe/
listen = 0.0.0.0:9000
one.conf
token = ${PROBE_TOKEN}
two.conf
RUN cat <<SCRIPT > /usr/local/bin/probe && chmod 0777 /usr/local/bin/probe
#!/bin/sh
sudo tcpdump -i any
SCRIPT
USER 1200
ENTRYPOINT ["/usr/local/bin/probe"]
