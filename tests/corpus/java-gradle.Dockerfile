FROM gradle:8-jdk17 AS build
ARG ARTIFACTORY_USER
ARG ARTIFACTORY_PASSWORD
ENV ORG_GRADLE_PROJECT_repoUser=$ARTIFACTORY_USER
ENV ORG_GRADLE_PROJECT_repoPassword=$ARTIFACTORY_PASSWORD
WORKDIR /home/gradle/project
COPY --chown=gradle:gradle . .
RUN gradle --no-daemon bootJar

FROM openjdk:17-jdk
VOLUME /tmp
COPY --from=build /home/gradle/project/build/libs/*.jar /app.jar
COPY keystore.p12 /etc/ssl/keystore.p12
ENV SERVER_SSL_KEY_STORE_PASSWORD=changeit
EXPOSE 8443
ENTRYPOINT ["sh", "-c", "java $JAVA_OPTS -jar /app.jar"]
