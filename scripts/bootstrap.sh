#!/bin/bash
# The tests need a browser, ffmpeg, PostgreSQL's server programs, coturn, a Chinese font and a C compiler (race detector).
# Installs what is missing as root on Debian; elsewhere says in one sentence what to install.
set -euo pipefail

missing=()
need() { # package, then a test that succeeds when it is there
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}

need chromium command -v chromium
need ffmpeg command -v ffmpeg
need postgresql bash -c 'command -v initdb || ls /usr/lib/postgresql/*/bin/initdb'
need fonts-noto-cjk bash -c 'ls /usr/share/fonts/opentype/noto/*CJK*'
need coturn command -v turnserver
need gcc command -v gcc
need libc6-dev bash -c 'ls /usr/include/stdlib.h'

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
