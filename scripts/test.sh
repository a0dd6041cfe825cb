#!/bin/bash
# Everything that CI checks, in order, each step timed. A failed step does not hide the later ones; the last line is
# "N passed, M failed", counted from the reports that the test programs wrote.
set -uo pipefail
cd "$(dirname "$0")/.."

reports=$PWD/reports
rm -rf "$reports"
mkdir -p "$reports"
export CI=${CI:-}

step() { # name, command …
	local name=$1 started=$SECONDS status=ok
	shift
	printf '\n== %s\n' "$name"
	"$@" </dev/null || status=failed
	printf '%s\t%s\t%d\n' "$name" "$status" $((SECONDS - started)) >>"$reports/steps.tsv"
	[ "$status" = ok ]
}

# SQLite in pure Go is many times slower under the race detector. These packages live on it and would take half of the time there is;
# `make test-go`, which the pipeline runs too, has the detector on for all. The longest begin, here and there: nobody waits for them alone.
without_race=(./services ./controllers ./internal/delivery ./internal/loadtest ./deploy ./internal/backup .)

# The one waits for its download, the other for the disk.
packages() {
	scripts/bootstrap.sh &
	local system=$! status=0
	make --no-print-directory packages || status=1
	wait "$system" && return "$status"
}

# Tests of media mostly wait and mind the time, those of the database and of the web app work: at once, and the former go first.
code_tests() {
	go list ./sfu ./... | grep -vxFf <(go list "${without_race[@]}") | xargs go test -race -count=1 -timeout 10m -json |
		node scripts/report.mjs go "$reports/go-race.json" &
	local racing=$! status=0
	nice -n 5 go test -count=1 -timeout 10m -json "${without_race[@]}" |
		node scripts/report.mjs go "$reports/go.json" || status=1
	(cd frontend && nice -n 5 npx vitest run --maxWorkers=2 --reporter=default --reporter=json --outputFile.json="$reports/vitest.json") || status=1
	wait "$racing" && return "$status"
}

# Those that show each part of the product once and fit into the time there is: not all files, and nothing marked @long.
# `make e2e` runs all of them, as the pipeline does on each push.
stories() { # the project, how many at a time, which of it
	local project=$1 workers=$2
	shift 2
	(cd frontend && PLAYWRIGHT_JSON_OUTPUT_FILE="$reports/playwright-$project.json" npx playwright test --project="$project" --workers="$workers" \
		--grep-invert=@long --output="test-results/$project" "$@")
}

step packages packages || exit 1
step lint make --no-print-directory --keep-going lint
step 'Go and Vitest' code_tests
if step build make --no-print-directory build bin/netem; then
	step 'chat stories' stories chat 3 access account channels class composer conversations delivery notifications offline search
	step 'room stories' stories room 2 breakouts call.spec lobby polls prejoin reconnect teacher
	step 'media stories' stories media 1 meeting.spec restart sync watch youtube
fi

node scripts/report.mjs summary "$reports"
