# syntax=docker/dockerfile:1
FROM alpine:3.22 AS fetch
RUN apk add --no-cache git openssh-client
RUN mkdir -p -m 0700 ~/.ssh && ssh-keyscan git.example.com >> ~/.ssh/known_hosts
RUN --mount=type=ssh,required=true git clone --depth 1 git@git.example.com:team/app.git /app
RUN --mount=type=secret,id=token,env=API_TOKEN \
    wget -q --header "Authorization: Bearer $API_TOKEN" -O /app/model.bin https://models.example.com/current

FROM alpine:3.22
ARG GIT_PASSWORD=letmein-letmein
RUN apk add --no-cache git libstdc++ && \
    git clone https://ci:letmein-letmein@git.example.com/team/config.git /etc/app && \
    rm -rf /etc/app/.git
COPY --from=fetch /app /app
RUN addgroup -g 3000 app && adduser -D -u 3000 -G app app && chown -R app:app /app
USER app:app
CMD ["/app/run"]
