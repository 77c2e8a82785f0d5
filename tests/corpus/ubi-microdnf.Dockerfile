FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6 AS build
RUN microdnf install -y --setopt=install_weak_deps=0 --nodocs gcc make tar gzip && microdnf clean all
COPY . /opt/app-root/src
RUN make -C /opt/app-root/src DESTDIR=/opt/app-root/out install

FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6
LABEL name="acme/collector" \
      vendor="Acme" \
      summary="Collects metrics" \
      io.openshift.tags="metrics"
RUN microdnf update -y && microdnf install -y shadow-utils openssl-libs && microdnf clean all && \
    useradd -u 1001 -r -g 0 -d /opt/app-root -s /sbin/nologin default && \
    mkdir -p /opt/app-root/data && \
    chgrp -R 0 /opt/app-root && chmod -R g=u /opt/app-root /etc/passwd
COPY --from=build --chown=1001:0 /opt/app-root/out /
COPY licenses /licenses
USER 1001
WORKDIR /opt/app-root
VOLUME /opt/app-root/data
ENTRYPOINT ["/usr/local/bin/collector"]
