# syntax=docker/dockerfile:1
# Three stages, as it should be. What goes wrong is what crosses from one to the next.
ARG JAVA=21

FROM eclipse-temurin:${JAVA}-jdk AS build
ARG MAVEN_PASSWORD
WORKDIR /src
COPY .mvn .mvn
COPY mvnw pom.xml ./
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B dependency:go-offline
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B package -DskipTests -Drepo.password=${MAVEN_PASSWORD}

FROM node:latest AS assets
WORKDIR /web
COPY web/package*.json ./
RUN npm install
COPY web .
RUN npm run build

FROM eclipse-temurin:${JAVA}-jre
LABEL org.opencontainers.image.title="orders" \
      org.opencontainers.image.source="https://git.example.com/orders"

# For looking around when something is wrong in production.
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl iproute2 nmap strace tcpdump \
    && curl -fsSL https://example.com/install-agent.sh | sh

RUN useradd --create-home orders

WORKDIR /opt/orders
COPY --from=build /src /opt/orders/src
COPY --from=build /src/target/orders.jar app.jar
COPY --from=assets /web/dist public
RUN chmod -R a+w /opt/orders

VOLUME /opt/orders/data
EXPOSE 8080

USER orders
ENTRYPOINT ["java", "-jar", "/opt/orders/app.jar"]

# Migrations need more rights.
USER root
HEALTHCHECK CMD curl -f http://localhost:8080/health || exit 1
