FROM alpine:3.17
RUN apk --no-cache add aws-cli postgresql15-client dcron tzdata bash \
 && cp /usr/share/zoneinfo/Europe/Berlin /etc/localtime
ENV AWS_ACCESS_KEY_ID={{AKIA:0}}{{Q7Z2M4:0}}KDLXVB5NPT \
    AWS_SECRET_ACCESS_KEY={{:40}} \
    AWS_DEFAULT_REGION=eu-central-1
COPY backup.sh /usr/local/bin/backup.sh
COPY aws/credentials /root/.aws/credentials
COPY crontab /etc/crontabs/root
RUN chmod 755 /usr/local/bin/backup.sh && mkdir -p /backup && chmod a+rwxt /backup
CMD ["crond", "-f", "-l", "2"]
