#!/bin/bash
# Go types are the source; the Swagger document, the REST types and the socket types of the web app follow from them.
set -euo pipefail
cd "$(dirname "$0")/.."

go tool swag init --quiet --requiredByDefault --parseInternal --generalInfo main.go --exclude frontend,data \
	--outputTypes go,json --output docs
go tool tygo generate
mkdir -p frontend/node_modules/.cache
cd frontend
npm run --silent gen
