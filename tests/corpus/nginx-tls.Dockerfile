FROM nginx:latest
RUN apt-get update && apt-get install -y openssl procps net-tools telnet && \
    openssl req -x509 -nodes -days 365 -newkey rsa:2048 -subj "/CN=localhost" \
      -keyout /etc/nginx/server.key -out /etc/nginx/server.crt && \
    chmod 666 /etc/nginx/server.key
COPY certs/wildcard.example.com.pem certs/wildcard.example.com.key /etc/nginx/certs/
COPY htpasswd /etc/nginx/.htpasswd
COPY nginx.conf /etc/nginx/nginx.conf
VOLUME ["/var/log/nginx", "/etc/nginx/certs"]
EXPOSE 80 443
CMD ["nginx", "-g", "daemon off;"]
