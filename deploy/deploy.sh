#!/bin/sh
# Brings an image to a machine and waits until it answers. staging.sh and production.sh call it with:
#   IMAGE               image and tag to run
#   DEPLOY_HOST         user@host, or ssh://user@host:port; its folder lectern/ holds .env (see .env.example)
#   DEPLOY_URL          address that must answer afterwards, such as https://staging.class.example
#   DEPLOY_KNOWN_HOSTS, DEPLOY_SSH_KEY  files (GitLab file variables)
#   CI_REGISTRY, CI_DEPLOY_USER, CI_DEPLOY_PASSWORD  for `docker login` there; optional
# What happens there, and how it goes back, stands in remote.sh.
set -eu
: "${IMAGE:?}" "${DEPLOY_HOST:?}" "${DEPLOY_URL:?}" "${DEPLOY_KNOWN_HOSTS:?}" "${DEPLOY_SSH_KEY:?}"
cd "$(dirname "$0")/.."

case $IMAGE in
*[!A-Za-z0-9./:@_-]*)
	echo "IMAGE is not the name of an image: $IMAGE" >&2
	exit 2
	;;
esac

# ssh wants a key that only its owner can read; CI's file is not always so.
key=$(mktemp)
trap 'rm -f "$key"' EXIT INT TERM
cat "$DEPLOY_SSH_KEY" >"$key"
remote() {
	ssh -i "$key" -o IdentitiesOnly=yes -o UserKnownHostsFile="$DEPLOY_KNOWN_HOSTS" -o StrictHostKeyChecking=yes -o BatchMode=yes \
		-o ConnectTimeout=20 "$DEPLOY_HOST" "$@"
}

remote "mkdir -p lectern && cat >lectern/docker-compose.new.yml" <docker-compose.yml
remote "cat >lectern/deploy.sh" <deploy/remote.sh
if ! remote "test -s lectern/.env"; then
	echo "lectern/.env is missing on $DEPLOY_HOST: copy .env.example there and fill it in" >&2
	exit 1
fi
if [ -n "${CI_DEPLOY_USER:-}" ]; then
	printf '%s' "$CI_DEPLOY_PASSWORD" | remote "docker login --username '$CI_DEPLOY_USER' --password-stdin '$CI_REGISTRY'"
fi
remote "cd lectern && IMAGE='$IMAGE' sh deploy.sh"

tries=${DEPLOY_TRIES:-60}
until wget -q -T 5 -O /dev/null "$DEPLOY_URL/readyz"; do
	tries=$((tries - 1))
	if [ "$tries" -le 0 ]; then
		echo "$IMAGE is healthy on its machine, but $DEPLOY_URL/readyz does not answer: look at the proxy, the firewall and the name" >&2
		exit 1
	fi
	sleep 2
done
echo "$DEPLOY_URL runs $IMAGE"
