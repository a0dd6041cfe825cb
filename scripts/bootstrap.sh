#!/bin/bash
# What the tests need of the system: bootstrap.sh go for the Go tests (PostgreSQL, coturn, nginx and sshd, to be real; systemd, to
# look at the units; a C compiler for the race detector), bootstrap.sh web for the stories in a browser, without a word for all.
# Installs what is missing as root on Debian; elsewhere says in one sentence what to install.
set -euo pipefail

missing=()
need() { # package, then a test that succeeds when it is there
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}

if [ "${1:-web}" = web ]; then
	need chromium command -v chromium
	need chromium-headless-shell command -v chromium-headless-shell
	need ffmpeg command -v ffmpeg
	need fonts-noto-cjk bash -c 'ls /usr/share/fonts/opentype/noto/*CJK*'
fi
if [ "${1:-go}" = go ]; then
	need postgresql bash -c 'command -v initdb || ls /usr/lib/postgresql/*/bin/initdb'
	need coturn command -v turnserver
	need nginx-light bash -c 'command -v nginx || ls /usr/sbin/nginx'
	need openssh-server bash -c 'command -v sshd || ls /usr/sbin/sshd'
	need openssl command -v openssl
	need systemd command -v systemd-analyze
	need util-linux command -v unshare
	need gcc command -v gcc
	need libc6-dev bash -c 'ls /usr/include/stdlib.h'
fi

if [ ${#missing[@]} -eq 0 ]; then
	exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
	echo "The tests need these Debian packages (or their like): ${missing[*]}. Install them and run this again." >&2
	exit 1
fi
echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
