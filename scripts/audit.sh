#!/bin/bash
# Known vulnerabilities in what Lectern is built from. Both lists live on the internet: where one cannot be reached this
# says so and goes on, so that lint works offline; where it can, a finding fails.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0

ask() { # name, pattern that means "the list was not reached", command …
	local name=$1 offline=$2 out status
	shift 2
	out=$(timeout 120 "$@" 2>&1)
	status=$?
	if [ "$status" -eq 0 ]; then
		echo "$name: nothing known"
	elif [ "$status" -eq 124 ] || grep -qE "$offline" <<<"$out"; then
		echo "$name: its list of vulnerabilities cannot be reached from here; not checked"
	else
		printf '%s\n%s: see above\n' "$out" "$name"
		failed=1
	fi
}

ask govulncheck 'fetching vulnerabilities' go tool govulncheck ./...
ask 'npm audit' 'audit endpoint returned an error|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT' npm --prefix frontend audit --omit=dev --audit-level=high
exit "$failed"
