#!/bin/bash
# Go types are the source; the Swagger document, the REST types and the socket types of the web app follow from them.
# "go" needs Go only, "web" needs the installed web packages only: gen.sh go web
set -euo pipefail
cd "$(dirname "$0")/.."

for half in "$@"; do
	case $half in
	go)
		go tool swag init --quiet --requiredByDefault --parseInternal --generalInfo main.go --exclude frontend,data \
			--outputTypes go,json --output docs
		go tool tygo generate
		;;
	web)
		mkdir -p frontend/node_modules/.cache
		(cd frontend && npm run --silent gen)
		;;
	*)
		echo "go or web is expected, not $half" >&2
		exit 1
		;;
	esac
done
