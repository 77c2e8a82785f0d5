# The site again: its code belongs to root, and one folder is for what visitors bring.
FROM php:8.4-apache

COPY index.php /var/www/html/
COPY lib /var/www/html/lib

USER www-data
EXPOSE 8080
