#!/bin/sh
# Deploys $IMAGE to staging. CI does it for every commit on main; see deploy.sh.
set -eu
export DEPLOY_HOST="${STAGING_HOST:?}" DEPLOY_URL="${STAGING_URL:?}" DEPLOY_KNOWN_HOSTS="${STAGING_KNOWN_HOSTS:?}" DEPLOY_SSH_KEY="${STAGING_SSH_KEY:?}"
exec "$(dirname "$0")/deploy.sh"
