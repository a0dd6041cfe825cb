#!/bin/sh
# Stops staging; its data stay. Somebody starts it by hand.
set -eu
: "${STAGING_HOST:?}" "${STAGING_KNOWN_HOSTS:?}" "${STAGING_SSH_KEY:?}"
key=$(mktemp)
trap 'rm -f "$key"' EXIT INT TERM
cat "$STAGING_SSH_KEY" >"$key"
# What stands in single quotes is for the other machine's shell.
# shellcheck disable=SC2016
ssh -i "$key" -o IdentitiesOnly=yes -o UserKnownHostsFile="$STAGING_KNOWN_HOSTS" -o StrictHostKeyChecking=yes -o BatchMode=yes "$STAGING_HOST" \
	'cd lectern && IMAGE=$(cat image) docker compose down'
