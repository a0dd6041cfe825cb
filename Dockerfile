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
RUN make binary VERSION="$VERSION" && install -d -m 0700 bin/empty

# No shell, no package manager: certificates of authorities, time zones and one program.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=server /src/bin/lectern /usr/local/bin/lectern
COPY --from=server --chown=nonroot:nonroot /src/bin/empty /var/lib/lectern
USER nonroot
WORKDIR /var/lib/lectern
ENV LECTERN_DATA_DIR=/var/lib/lectern
VOLUME /var/lib/lectern
EXPOSE 8080 8443/tcp 8443/udp 3478/tcp 3478/udp
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["lectern", "healthcheck"]
ENTRYPOINT ["lectern"]
CMD ["serve"]
