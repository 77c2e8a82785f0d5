FROM composer:2 AS vendor
WORKDIR /app
COPY composer.json composer.lock ./
RUN --mount=type=secret,id=composer_auth,target=/root/.composer/auth.json \
    composer install --no-dev --no-interaction --prefer-dist --no-scripts

FROM php:8.3-apache
RUN set -eux; \
    savedAptMark="$(apt-mark showmanual)"; \
    apt-get update; \
    apt-get install -y --no-install-recommends \
        libicu-dev \
        libzip-dev \
        libpng-dev \
    ; \
    docker-php-ext-configure gd; \
    docker-php-ext-install -j "$(nproc)" gd intl pdo_mysql zip opcache; \
    apt-mark auto '.*' > /dev/null; \
    apt-mark manual $savedAptMark; \
    apt-get purge -y --auto-remove -o APT::AutoRemove::RecommendsImportant=false; \
    rm -rf /var/lib/apt/lists/*
RUN a2enmod rewrite headers && sed -ri 's/Listen 80/Listen 8080/' /etc/apache2/ports.conf
COPY php.ini "$PHP_INI_DIR/conf.d/zz-app.ini"
COPY --from=vendor /app/vendor /var/www/html/vendor
COPY --chown=www-data:www-data . /var/www/html
RUN chmod -R o+w /var/www/html/storage /var/www/html/bootstrap/cache
EXPOSE 8080
USER www-data
