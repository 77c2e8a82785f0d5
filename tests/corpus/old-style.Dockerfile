FROM centos:7
MAINTAINER Jane Doe <jane@example.com>
ENV container docker
ENV JAVA_HOME /usr/lib/jvm/java-1.8.0
RUN yum -y update; yum clean all
RUN yum -y install epel-release; \
    yum -y install java-1.8.0-openjdk-devel git maven wget httpd mod_ssl; yum clean all
RUN (cd /lib/systemd/system/sysinit.target.wants/; for i in *; do [ $i == systemd-tmpfiles-setup.service ] || rm -f $i; done); \
    rm -f /lib/systemd/system/multi-user.target.wants/*
ADD http://downloads.example.com/jetty-9.2.tar.gz /opt/jetty.tar.gz
RUN tar -xvf /opt/jetty.tar.gz -C /opt && rm /opt/jetty.tar.gz && \
    mv /opt/jetty-9.2 /opt/jetty && useradd jetty -U -s /bin/false && chown -R jetty:jetty /opt/jetty
ADD webapps/ /opt/jetty/webapps/
ADD ssl.key /etc/pki/tls/private/ssl.key
ENV ADMIN_PASSWORD s3cr3t-adm1n
EXPOSE 8080 8443
VOLUME [ "/sys/fs/cgroup" ]
CMD /opt/jetty/bin/jetty.sh run
