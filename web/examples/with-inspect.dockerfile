# syntax=docker/dockerfile:1
# The recipe says one thing, the image beside it another: was it built from this?
FROM nginx:1.29-alpine

COPY nginx.conf /etc/nginx/nginx.conf
COPY --chown=nginx:nginx site /usr/share/nginx/html

RUN touch /run/nginx.pid \
    && chown nginx:nginx /run/nginx.pid /var/cache/nginx

USER nginx
EXPOSE 8080
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
