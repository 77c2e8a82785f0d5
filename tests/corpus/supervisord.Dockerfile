FROM ubuntu:18.04
RUN apt-get update && apt-get install -y supervisor openssh-server cron nginx php7.2-fpm mysql-server \
    && mkdir -p /var/run/sshd /var/log/supervisor \
    && echo 'root:toor' | chpasswd \
    && sed -i 's/#PermitRootLogin prohibit-password/PermitRootLogin yes/' /etc/ssh/sshd_config
COPY supervisord.conf /etc/supervisor/conf.d/supervisord.conf
COPY www /var/www/html
RUN chown -R www-data:www-data /var/www/html && chmod -R ugo+rwX /var/www/html \
    && find /var/www/html -type d -exec chmod 777 {} \;
ENV MYSQL_ROOT_PASSWORD root
EXPOSE 22 80 3306
VOLUME ["/var/lib/mysql", "/var/run/docker.sock"]
CMD ["/usr/bin/supervisord", "-n"]
