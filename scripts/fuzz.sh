#!/bin/bash
# Runs every fuzz target for FUZZTIME (1m). What a run finds interesting is kept under testdata/fuzz only when it fails;
# the growing corpus stays in Go's build cache (`go env GOCACHE`/fuzz).
set -euo pipefail
cd "$(dirname "$0")/.."
grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u | while read -r package; do
	for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$package"/*_test.go | cut -d' ' -f2); do
		printf '== %s %s\n' "$package" "$target"
		go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-1m}" -fuzzminimizetime 1x
	done
done
