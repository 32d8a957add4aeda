# The commands of this repository. On a machine that has Go, each sets up what it needs by itself.
#
#   make test     every test, shuffled and with the race detector; installs redis-server and gcc where they are missing
#   make build    the flowexpr binary, here
#   make lint     the linters of .ci/run
#   make bench    the engine beside its limits and peers: the table of bench/README.md
#   make fuzz     each fuzz target for FUZZTIME

FUZZTIME ?= 10m

.PHONY: build test lint bench fuzz

build:
	go build -trimpath -o flowexpr ./cmd/flowexpr

test:
	.ci/setup
	go run ./.ci/gotest . bench/peers -- -race -shuffle=on ./...

lint:
	.ci/lint

bench:
	go run ./bench/compare

fuzz:
	FUZZTIME=$(FUZZTIME) .ci/fuzz
