# One static binary with the web app inside, in an image that has little else.
FROM node:20-bookworm-slim AS web
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM golang:1.26-bookworm AS server
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/frontend/dist frontend/dist
ARG VERSION=dev
RUN make binary VERSION="$VERSION"

FROM alpine:3.22
RUN apk add --no-cache ca-certificates tzdata \
    && addgroup -g 10001 lectern \
    && adduser -D -H -u 10001 -G lectern lectern \
    && install -d -o lectern -g lectern -m 0700 /var/lib/lectern
COPY --from=server /src/bin/lectern /usr/local/bin/lectern
USER lectern
WORKDIR /var/lib/lectern
ENV LECTERN_DATA_DIR=/var/lib/lectern
VOLUME /var/lib/lectern
EXPOSE 8080 8443/tcp 8443/udp
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD wget -q -O /dev/null http://127.0.0.1:8080/readyz
ENTRYPOINT ["lectern"]
CMD ["serve"]
