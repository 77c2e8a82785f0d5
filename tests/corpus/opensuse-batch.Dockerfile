FROM opensuse/leap:15.6
RUN zypper --non-interactive refresh && \
    zypper --non-interactive install --no-recommends python311 python311-pip rsync openssh-clients make && \
    zypper clean --all
RUN pip3.11 install --no-cache-dir paramiko
COPY id_ed25519 /root/.ssh/id_ed25519
RUN chmod 600 /root/.ssh/id_ed25519 && \
    echo "Host *\n  StrictHostKeyChecking no" > /root/.ssh/config
COPY nightly.sh /usr/local/bin/nightly.sh
RUN install -m 0777 -d /var/spool/nightly
ENTRYPOINT ["/usr/local/bin/nightly.sh"]
