# A site that may rewrite itself, and so may whoever gets in.
FROM php:8.4-apache

COPY --chown=www-data:www-data . /var/www/html
RUN chmod -R 777 /var/www/html/uploads

USER www-data
EXPOSE 8080
