# The commands of this repository. On a machine that has Go, each sets up what it needs by itself.
#
#   make test     every test, shuffled and with the race detector; installs redis-server, PostgreSQL, Prometheus, nginx, Chromium, gcc and some tools where missing
#   make build    the flowexpr binary, here
#   make lint     the linters of .ci/run
#   make bench    the engine and the service beside limits and peers, and cost against size: bench/README.md, bench/results
#   make bench-check   allocations and ratios beside those recorded; fails on a loss
#   make release  archives of all platforms, with licences and bills of materials, in dist; VERSION=v1.2.3 names them
#   make deb      the Debian package of this machine's kind, in dist
#   make vuln     known vulnerabilities of what flowexpr is built from, asked of vuln.go.dev
#   make fuzz     each fuzz target for FUZZTIME
#   make faults   servers and processes taken away while contacts are read and written, all tests at once for FAULTS_TIME
#   make soak     every answer of two services held against a model for SOAK_TIME, with crashes first and memory watched then

FUZZTIME ?= 10m
FAULTS_TIME ?= 10m
SOAK_TIME ?= 10m

.PHONY: build test lint bench bench-check release deb vuln fuzz faults soak

build:
	go build -trimpath -o flowexpr ./cmd/flowexpr

test:
	.ci/setup
	go run ./.ci/gotest . bench/peers server/preview/browsertest bench/faults -- -race -shuffle=on ./...

lint:
	.ci/lint

bench:
	.ci/setup
	go run ./bench/compare -write bench/README.md -record bench/results/recorded.json -figures bench/results/figures.json
	go run ./bench/service -write bench/README.md -figures bench/results/figures.json -memory bench/results/memory.csv
	go run ./bench/compare -rounds 5 -growth bench/results/growth.csv
	cd bench/peers && go run ./plot ../results/growth.csv ../results && go run ./plot ../results/memory.csv ../results
	go run ./bench/targets -figures bench/results/figures.json -write bench/README.md

bench-check:
	go run ./bench/compare -rounds 5 -time 20ms -check bench/results/recorded.json

release:
	.packaging/release

deb:
	.packaging/deb/build

vuln:
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...

fuzz:
	FUZZTIME=$(FUZZTIME) .ci/fuzz

faults:
	.ci/setup
	FAULTS_TIME=$(FAULTS_TIME) .ci/faults

soak:
	.ci/setup
	SOAK_TIME=$(SOAK_TIME) go test -v -count 1 -timeout 24h ./bench/soak
