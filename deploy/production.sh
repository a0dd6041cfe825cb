#!/bin/sh
# Deploys $IMAGE to production. Somebody starts it by hand; see deploy.sh.
set -eu
export DEPLOY_HOST="${PRODUCTION_HOST:?}" DEPLOY_URL="${PRODUCTION_URL:?}" DEPLOY_KNOWN_HOSTS="${PRODUCTION_KNOWN_HOSTS:?}" DEPLOY_SSH_KEY="${PRODUCTION_SSH_KEY:?}"
exec "$(dirname "$0")/deploy.sh"
