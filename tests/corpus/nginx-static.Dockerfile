FROM node:22-alpine AS site
WORKDIR /site
COPY package*.json ./
RUN npm ci --no-audit
COPY . ./
ARG PUBLIC_MAPS_KEY
RUN npx astro build

FROM nginx:1.29-alpine
COPY --from=site /site/dist /usr/share/nginx/html
COPY <<'EOF' /etc/nginx/conf.d/default.conf
server {
    listen 8080;
    root /usr/share/nginx/html;
    location / { try_files $uri $uri/ =404; }
    location = /healthz { return 204; }
}
EOF
RUN sed -i -e '/^user/d' -e 's,^pid .*,pid /tmp/nginx.pid;,' /etc/nginx/nginx.conf \
 && chown -R nginx:0 /var/cache/nginx && chmod -R g+w /var/cache/nginx
EXPOSE 8080
STOPSIGNAL SIGQUIT
USER 101
