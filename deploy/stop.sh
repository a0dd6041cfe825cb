#!/bin/sh
# Stops staging; its data stay. Somebody starts it by hand.
set -eu
: "${STAGING_HOST:?}" "${STAGING_KNOWN_HOSTS:?}" "${STAGING_SSH_KEY:?}"
key=$(mktemp)
trap 'rm -f "$key"' EXIT INT TERM
cat "$STAGING_SSH_KEY" >"$key"
# What stands in single quotes is for the other machine's shell. A first deployment that failed has left no image, but perhaps PostgreSQL.
# shellcheck disable=SC2016
ssh -i "$key" -o IdentitiesOnly=yes -o UserKnownHostsFile="$STAGING_KNOWN_HOSTS" -o StrictHostKeyChecking=yes -o BatchMode=yes "$STAGING_HOST" '
	for file in docker-compose.yml docker-compose.new.yml; do
		[ -f "lectern/$file" ] || continue
		cd lectern && IMAGE=$(cat image 2>/dev/null || echo none) docker compose --file "$file" down
		exit
	done
	echo "nothing is deployed there: there is nothing to stop"'
