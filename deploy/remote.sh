#!/bin/sh
# Runs on the machine that is deployed to, in its folder lectern/, where deploy.sh puts it: replaces the running version by $IMAGE
# and goes back to the one before when the new one does not become healthy. The folder keeps
#   .env                       the secrets of this place, written once by hand
#   docker-compose.yml, image  what runs now
#   before.tar.gz              everything as it was before the last migration
set -eu
umask 077 # before.tar.gz has passwords' hashes and the keys of this place
: "${IMAGE:?}"
export IMAGE
previous=$(cat image 2>/dev/null || true)
[ -f docker-compose.yml ] || previous=
migrated=

new() { docker compose --file docker-compose.new.yml "$@"; }
old() { IMAGE=$previous docker compose --file docker-compose.yml "$@"; }

start_old() {
	old up -d --no-build --remove-orphans --wait </dev/null
	echo "$previous runs again" >&2
}

# The migration's data come back with the version that knows them.
go_back() {
	echo "$IMAGE does not become healthy; its last words:" >&2
	new logs --no-color --tail 50 lectern </dev/null >&2 || true
	new stop lectern </dev/null >&2 || true
	if [ -z "$previous" ]; then
		echo "there was no version before it: it is stopped" >&2
		exit 1
	fi
	if [ -n "$migrated" ]; then
		echo "it has migrated the database: bringing back before.tar.gz" >&2
		old exec -T postgres dropdb --username lectern --force lectern </dev/null
		old exec -T postgres createdb --username lectern lectern </dev/null
		old run --rm -T --no-deps lectern restore - <before.tar.gz
	fi
	start_old
	exit 1
}

# Until the migration nothing has changed: a failure leaves what runs as it is.
new pull --quiet </dev/null
new up -d --no-build --wait postgres </dev/null
pending=$(new run --rm -T --no-deps lectern migrate status </dev/null | grep -c '^pending' || true)
if [ -n "$previous" ] && [ "$pending" -gt 0 ]; then
	old stop lectern </dev/null # so that nobody writes what the archive would not have
	if ! old run --rm -T --no-deps lectern backup --to - </dev/null >before.part; then
		start_old
		exit 1
	fi
	mv before.part before.tar.gz
	migrated=yes
fi
new run --rm -T --no-deps lectern migrate up </dev/null || go_back
new up -d --no-build --remove-orphans --wait </dev/null || go_back
mv docker-compose.new.yml docker-compose.yml
echo "$IMAGE" >image
