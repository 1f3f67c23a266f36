# Needs Go, make and bash. Some tests also want chromium, PostgreSQL and axe-core;
# make test installs them where it may.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# How long each fuzz target runs: a count (2000x) or a time (10m).
FUZZTIME ?= 20000x
BENCH ?= .
BENCHTIME ?= 1s
ARGS ?=

AXE_VERSION := 4.11.0
AXE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/article41/axe-core-$(AXE_VERSION)
export ARTICLE41_AXE ?= $(AXE)/node_modules/axe-core/axe.min.js

PACKAGES := ./... ./.ci/tally ./.ci/sbom
TALLY := go run ./.ci/tally

PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.PHONY: build run check test browser postgres hosts axe unit soak fuzz fuzz-list bench generate cover release binaries

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
test: browser postgres hosts axe unit # every test; its last line counts them
	go test -count=1 -timeout=20m -json $(PACKAGES) | $(TALLY)

# What only tests want is installed where that may be done; elsewhere their tests
# say that they did not run, and with CI=true this is the end.
apt = [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && export DEBIAN_FRONTEND=noninteractive && \
  apt-get update -q && apt-get install -q -y --no-install-recommends $(1)
without = { echo "$(1) is missing and could not be installed here; its tests will not run"; [ "$${CI:-}" != true ]; }

browser:
	@command -v chromium >/dev/null || { $(call apt,chromium); } || $(call without,chromium)

postgres:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { $(call apt,postgresql); } || $(call without,PostgreSQL)

hosts: # network namespaces stand for machines that are cut off
	@command -v ip >/dev/null || { $(call apt,iproute2); } || $(call without,iproute2)

unit: # systemd rates the unit
	@command -v systemd-analyze >/dev/null || { $(call apt,systemd); } || $(call without,systemd-analyze)

axe: # the accessibility checker, from npm, kept in the user's cache
	@test -s "$$ARTICLE41_AXE" || { { command -v npm >/dev/null || { $(call apt,nodejs npm); }; } && \
	  npm install --silent --no-fund --no-audit --prefix "$(AXE)" axe-core@$(AXE_VERSION); } || $(call without,axe-core (npm))

soak: browser postgres hosts axe unit # the long forms: kills, measurements, the race detector over all, ten minutes a fuzz target
	ARTICLE41_SOAK=1 go test -count=1 -timeout=3h -json $(PACKAGES) | $(TALLY)
	CGO_ENABLED=1 go test -short -race -timeout=3h -json $(PACKAGES) | $(TALLY)
	$(MAKE) fuzz FUZZTIME=10m

FUZZ_TARGETS := grep -rHoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sort

fuzz-list: # what make fuzz runs
	@$(FUZZ_TARGETS)

fuzz: # every fuzz target in turn
	@$(FUZZ_TARGETS) | while IFS=: read -r file func; do \
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

# The same sources and the same Go give the same bytes, whoever builds them where:
# no paths, no version control stamp, no build id.
release: # dist/: a static binary a platform, their checksums, and what is in them
	rm -rf dist
	$(MAKE) binaries
	go run ./.ci/sbom $$(find dist -name "article41_*") > dist/article41.cdx.json
	cd dist && sha256sum article41* > SHA256SUMS

binaries:
	mkdir -p dist
	for p in $(PLATFORMS); do \
	  ext=; case $$p in windows/*) ext=.exe;; esac; \
	  CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} go build -trimpath -buildvcs=false -ldflags='-s -w -buildid=' \
	    -o dist/article41_$${p%/*}_$${p#*/}$$ext ./cmd/article41; \
	done
