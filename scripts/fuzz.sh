#!/bin/bash
# Runs every fuzz target for FUZZTIME (1m), and the Markdown renderer on MARKDOWN_CASES (80000, about a minute) random
# texts. An input that fails is kept under testdata/fuzz; the growing corpus stays in Go's build cache.
set -euo pipefail
cd "$(dirname "$0")/.."
grep -rlE '^func Fuzz' --include='*_test.go' --exclude-dir=node_modules . | xargs -n1 dirname | sort -u | while read -r package; do
	for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$package"/*_test.go | cut -d' ' -f2); do
		printf '== %s %s\n' "$package" "$target"
		go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-1m}" -fuzzminimizetime 1x
	done
done
printf '== frontend, hostile Markdown\n'
cd frontend
VITE_MARKDOWN_CASES=${MARKDOWN_CASES:-80000} VITE_MARKDOWN_SEED=$RANDOM npx vitest run src/components/RichText.hostile.test.tsx
