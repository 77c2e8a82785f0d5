# syntax=docker/dockerfile:1
FROM golang:1.26-bookworm AS build
WORKDIR /go/src/app
COPY . .
RUN go vet -v ./... && go test -v ./...
RUN CGO_ENABLED=0 go build -o /go/bin/app

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /go/bin/app /
CMD ["/app"]
