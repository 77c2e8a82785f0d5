form ubuntu:latest as Build
RUN apt-get update && sudo apt-get install -y gcc
RUN git clone https://deploy:{{ghp_:36}}@github.com/example/app.git /app
COPPY . /app
COPY --form=build /a /b
ENV PATH /usr/local/bin:$PATH
ENV A=1 B
EXPOSE 99999 80/http
WORKDIR app
USER root
FROM ubuntu:latest as Build
COPY --from=3 /x /y
COPY --from=late /x /y
ADD a b c d
HEALTHCHECK --interval=5 CMD true
RUN --mount=type=cach,target=/c make
SHELL bash -c
STOPSIGNAL SIGKIL
CMD ["node", 'server.js']
CMD ["node", "server.js"]
ENTRYPOINT node "server.js
FROM ubuntu:latest AS late
USER 0
