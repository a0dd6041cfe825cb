# The same verbs on a laptop and in CI. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# The tag nomsgpack leaves out a format of Gin's that nobody asks for: 6 MB of the program, 1.5 MB of its memory.
GO_BUILD := CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/lectern

GO_FILES = $(shell find . -path ./frontend/node_modules -prune -o -path ./.git -prune -o -name '*.go' -print)
EMBEDDED = $(shell find controllers internal migrations services -type f ! -name '*.go') docs/swagger.json
GO_SOURCES = go.mod go.sum $(GO_FILES) $(EMBEDDED)
WEB_SOURCES = $(shell find frontend/src frontend/public -type f ! -path '*/testing/*' ! -name '*.test.*' 2>/dev/null) \
	frontend/index.html frontend/vite.config.ts frontend/package.json

SWAGGER_UI := docs/ui/swagger-ui-bundle.js
NPM_STAMP := frontend/node_modules/.installed
WEB_STAMP := frontend/dist/index.html

.PHONY: help
help: ## list these commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  \033[1m%-10s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: bin/lectern ## build what changed and serve http://localhost:8080 with ./data
	@exec bin/lectern serve

.PHONY: build
build: bin/lectern ## build bin/lectern with the web app inside

.PHONY: server
server: ## build bin/lectern without the web app (needs no Node)
	$(GO_BUILD) .
	@touch -d @0 bin/lectern # older than its sources, so that `make build` does not take it for the whole

.PHONY: binary
binary: $(SWAGGER_UI) ## build bin/lectern around frontend/dist as it is
	$(GO_BUILD) -tags web,nomsgpack .

# The systems that `make release` builds for.
PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64

.PHONY: release
release: $(WEB_STAMP) archives ## archives of bin/lectern for every system, with checksums, in bin/release

.PHONY: archives
archives: $(SWAGGER_UI) # the same around frontend/dist as it is
	@scripts/release.sh '$(VERSION)' $(PLATFORMS)

.PHONY: web
web: $(WEB_STAMP) ## build the web app into frontend/dist

.PHONY: test
test: ## what CI checks in a quarter of an hour: lint, Go, Vitest, build, the main browser stories; counts at the end
	@scripts/test.sh

.PHONY: test-go
test-go: ## Go tests with the race detector
	go test -race ./...

.PHONY: test-web
test-web: $(NPM_STAMP) ## Vitest
	cd frontend && npm test

.PHONY: e2e
e2e: bin/lectern bin/netem ## all browser stories against the real binary (ARGS='meeting.spec.ts' for some)
	cd frontend && npx playwright test $(ARGS)

.PHONY: bench
bench: bin/lectern ## what the server costs: requests, sockets, start, memory (WRITE=1 for docs/benchmarks/summary.md)
	@scripts/bench.sh

.PHONY: bench-go
bench-go: ## Go benchmarks
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: bench-sfu
bench-sfu: ## media server against its bars: CPU, memory, delay, join (ROOMS='1→50 16×16', WRITE=1 for docs/benchmarks)
	@scripts/bench-sfu.sh

.PHONY: bench-sync
bench-sync: bin/lectern ## how far apart players are, against the goals (PAGES=4 SEED=1 LINE=impaired ONLY='late joiner' RECORD=1)
	cd frontend && npx playwright test -c playwright.bench.config.ts sync.bench.ts $(if $(ONLY),-g '$(ONLY)')

.PHONY: bench-call
bench-call: bin/lectern ## delay of a 1:1 call, glass to glass (SECONDS=15 RECORD=1 for docs/benchmarks)
	cd frontend && npx playwright test -c playwright.bench.config.ts call.bench.ts --reporter=line

.PHONY: mutants
mutants: $(NPM_STAMP) ## put the classic mistakes of synchronised playback in, one by one; the tests must see each
	@node scripts/mutants.mjs

.PHONY: soak
soak: ## meetings come and go for ten minutes; nothing may stay behind (MINUTES=2 for less)
	@scripts/soak.sh

.PHONY: fuzz
fuzz: $(NPM_STAMP) ## every fuzz target for a minute (FUZZTIME=10s for less)
	@scripts/fuzz.sh

.PHONY: lint lint-go lint-web check-go check-web audit
lint: gen-check ## gofmt, vet, staticcheck, eslint, tsc, generated code up to date, known vulnerabilities
	@$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=target check-go check-web audit

lint-go: # needs Go only
	@scripts/gen-check.sh go
	@$(MAKE) --no-print-directory check-go

lint-web: $(NPM_STAMP) # needs Node only
	@scripts/gen-check.sh web
	@$(MAKE) --no-print-directory check-web

audit: $(NPM_STAMP) ## known vulnerabilities in modules and packages, where their lists can be reached
	@scripts/audit.sh

check-go:
	@unformatted=$$(gofmt -l $(filter %.go,$(GO_FILES))); \
		if [ -n "$$unformatted" ]; then echo "gofmt these files:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...
	go test -count=1 ./docs # links

check-web: $(NPM_STAMP)
	cd frontend && npm run --silent lint
	cd frontend && npm run --silent typecheck

.PHONY: gen
gen: $(NPM_STAMP) ## regenerate the Swagger document and the TypeScript types
	@scripts/gen.sh go web

.PHONY: gen-check
gen-check: $(NPM_STAMP) ## fail when generated files are stale
	@scripts/gen-check.sh go web

.PHONY: bootstrap
bootstrap: ## install the Debian packages that the tests need
	@scripts/bootstrap.sh

.PHONY: hooks
hooks: ## let git run the quick checks before each commit
	git config core.hooksPath .githooks

.PHONY: packages
packages: $(NPM_STAMP) ## install the web packages of package-lock.json

.PHONY: clean
clean: ## remove what was built (never ./data)
	rm -rf bin reports docs/ui frontend/dist frontend/test-results frontend/e2e/.out

bin/lectern: $(WEB_STAMP) $(SWAGGER_UI) $(GO_SOURCES)
	$(GO_BUILD) -tags web,nomsgpack .

$(SWAGGER_UI): go.mod # what browsers load of it
	@mkdir -p docs/ui
	@from=$$(go list -m -f '{{.Dir}}' github.com/swaggo/files/v2); [ -n "$$from" ] || { go mod download github.com/swaggo/files/v2; \
		from=$$(go list -m -f '{{.Dir}}' github.com/swaggo/files/v2); }; \
		install -m 0644 "$$from"/dist/{swagger-ui-bundle.js,swagger-ui-standalone-preset.js,swagger-ui.css,favicon-16x16.png,favicon-32x32.png} docs/ui/

bin/netem: $(wildcard sfu/sfutest/netem/*.go sfu/sfutest/netem/cmd/netem/*.go) # a bad network, for the stories
	CGO_ENABLED=0 go build -trimpath -o bin/netem ./sfu/sfutest/netem/cmd/netem

$(WEB_STAMP): $(NPM_STAMP) $(WEB_SOURCES)
	cd frontend && npm run --silent build
	@touch $@

$(NPM_STAMP): frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund
	@touch $@
