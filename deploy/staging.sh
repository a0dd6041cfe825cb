#!/bin/sh
# Brings the image of this commit to the staging machine and waits until it answers. Run by CI with:
#   IMAGE         image and tag to run
#   STAGING_HOST  user@host; its folder lectern/ holds .env (see .env.example)
#   STAGING_URL   address that must answer, such as https://staging.class.example
#   STAGING_KNOWN_HOSTS, STAGING_SSH_KEY  files (GitLab file variables)
#   CI_REGISTRY, CI_DEPLOY_USER, CI_DEPLOY_PASSWORD  for `docker login`; optional
set -eu
: "${IMAGE:?}" "${STAGING_HOST:?}" "${STAGING_URL:?}" "${STAGING_KNOWN_HOSTS:?}" "${STAGING_SSH_KEY:?}"
cd "$(dirname "$0")/.."

chmod 600 "$STAGING_SSH_KEY"
options="-i $STAGING_SSH_KEY -o UserKnownHostsFile=$STAGING_KNOWN_HOSTS -o StrictHostKeyChecking=yes -o BatchMode=yes"
# shellcheck disable=SC2086 # the options are words
remote() { ssh $options "$STAGING_HOST" "$@"; }

if [ -n "${CI_DEPLOY_USER:-}" ]; then
	printf '%s' "$CI_DEPLOY_PASSWORD" | remote "docker login --username '$CI_DEPLOY_USER' --password-stdin '$CI_REGISTRY'"
fi
remote "mkdir -p lectern && cat > lectern/docker-compose.yml" <docker-compose.yml
remote "cd lectern && IMAGE='$IMAGE' docker compose pull --quiet && IMAGE='$IMAGE' docker compose up -d --no-build --remove-orphans"

tries=60
until wget -q -O /dev/null "$STAGING_URL/readyz"; do
	tries=$((tries - 1))
	if [ "$tries" -eq 0 ]; then
		echo "$STAGING_URL/readyz did not answer within two minutes" >&2
		remote "cd lectern && docker compose ps && docker compose logs --tail 50 lectern" >&2
		exit 1
	fi
	sleep 2
done
echo "$STAGING_URL runs $IMAGE"
