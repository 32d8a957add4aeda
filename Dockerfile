# flowexpr as an image: one static binary, no shell, a user without rights.
#
#   docker build -t flowexpr .
#   docker run --rm flowexpr version
#
# There is no HEALTHCHECK: the image has nothing to run one with. Ask GET /healthz and /readyz from outside.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=container
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.version=${VERSION}" -o /out/flowexpr ./cmd/flowexpr \
 && go run ./.packaging/inventory -notices /out/THIRD-PARTY.txt /out/flowexpr \
 && install -d -m 700 /out/data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/flowexpr /usr/bin/flowexpr
COPY --from=build /src/LICENSE /out/THIRD-PARTY.txt /usr/share/doc/flowexpr/
COPY --from=build --chown=65532:65532 /out/data /var/lib/flowexpr
# Contacts are in /var/lib/flowexpr unless --redis or --postgres names another place.
ENV XDG_DATA_HOME=/var/lib
VOLUME /var/lib/flowexpr
EXPOSE 8090
USER 65532:65532
ENTRYPOINT ["/usr/bin/flowexpr"]
# Beyond the container the service wants tokens: give it --tokens, or FLOWEXPR_TOKENS.
CMD ["serve", "--listen", "0.0.0.0:8090"]
