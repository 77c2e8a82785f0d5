# The Java service again: what builds it stays behind.
FROM maven:3.9-eclipse-temurin-21 AS build
WORKDIR /src
COPY pom.xml .
COPY src src
RUN mvn --batch-mode package

FROM gcr.io/distroless/java21-debian12:nonroot
COPY --from=build /src/target/orders.jar /app/orders.jar
EXPOSE 8080
CMD ["/app/orders.jar"]
