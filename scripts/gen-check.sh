#!/bin/bash
# Regenerates into place and fails when that changed anything. Compares with a copy, not with git, so that it is right in
# a work tree with uncommitted changes too. Arguments as gen.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT

stale=()
for half in "$@"; do
	case $half in
	go) generated=(docs/docs.go docs/swagger.json frontend/src/api/wire.gen.ts) ;;
	*) generated=(frontend/src/api/schema.gen.ts) ;;
	esac
	for file in "${generated[@]}"; do
		if [ -f "$file" ]; then cp --parents -p "$file" "$before"; fi
	done
	scripts/gen.sh "$half"
	for file in "${generated[@]}"; do
		if cmp -s "$before/$file" "$file"; then
			touch -r "$before/$file" "$file" # unchanged: what was built from it stays fresh
		else
			stale+=("$file")
		fi
	done
done
if [ ${#stale[@]} -gt 0 ]; then
	echo "Generated files were stale and have just been regenerated; commit them: ${stale[*]}" >&2
	exit 1
fi
