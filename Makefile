# Needs Go, make and bash. The browser tests also want chromium; make test
# installs it where it may.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# How long each fuzz target runs: a count (2000x) or a time (10m).
FUZZTIME ?= 20000x
BENCH ?= .
BENCHTIME ?= 1s
ARGS ?=

PACKAGES := ./... ./.ci/tally
TALLY := go run ./.ci/tally

.PHONY: build run check test browser soak fuzz bench generate cover

build: # one static file, ./article41
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o article41 ./cmd/article41

run: # serve on loopback with the record in the binary; make run ARGS='--addr 127.0.0.1:9000'
	go run ./cmd/article41 serve $(ARGS)

check: # the quick gate: format, vet, lint, unit tests; generated files are held fresh by tests
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	go vet $(PACKAGES)
	go tool staticcheck $(PACKAGES)
	go test -short -json $(PACKAGES) | $(TALLY)

# Not from the cache (-count=1): some tests build and start the program, whose
# sources the cache does not see.
test: browser # every test; its last line counts them
	go test -count=1 -json $(PACKAGES) | $(TALLY)

browser:
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get update -q && apt-get install -q -y --no-install-recommends chromium; \
	  else false; fi; \
	} || echo "chromium is missing and could not be installed here (apt-get install chromium); the browser tests will not run"

soak: browser # the long forms: kills, measurements, ten minutes a fuzz target
	ARTICLE41_SOAK=1 go test -count=1 -timeout=3h -json $(PACKAGES) | $(TALLY)
	$(MAKE) fuzz FUZZTIME=10m

fuzz: # every fuzz target in turn
	@grep -rHoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sort | while IFS=: read -r file func; do \
	  echo "$$(dirname "$$file") $${func#func } $(FUZZTIME)"; \
	  go test -run='^$$' -fuzz="^$${func#func }$$" -fuzztime=$(FUZZTIME) -fuzzminimizetime=1s "$$(dirname "$$file")" </dev/null || exit 1; \
	done

bench: # one package at a time, so that they do not disturb each other; then the speed of screening
	go test -p 1 -run='^$$' -bench='$(BENCH)' -benchtime=$(BENCHTIME) -benchmem ./...
	go run ./screen/bench

generate: # all that is generated and committed
	go tool templ generate
	go generate ./...
	go test . -count=1 -run TestMap -update

cover:
	go test -coverpkg=./... -coverprofile=cover.out ./...
	go tool cover -func=cover.out | tail -1
