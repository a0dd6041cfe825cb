#!/bin/bash
# Measures the media server by `lectern loadtest` and prints a table beside the bars. Each room gets a fresh server, so that
# memory is counted from the same beginning.
#   ROOMS      which rooms (default below): "1→50" is one who sends to 50, "16×16" are 16 who all do, "!" lets all join at once
#   DURATION   of each measurement (15s)
#   WRITE=1    put the table into docs/benchmarks/sfu.md as well
#   LECTERN    binary to measure instead of one built now
#   LOAD       further flags of `lectern loadtest`, such as "--bitrate 300000"
set -euo pipefail
cd "$(dirname "$0")/.."
rooms=${ROOMS:-1→1 1→10 1→50 1→100 4×4 8×8 16×16}
dir=$(mktemp -d)
server=
stop() {
	if [ -n "$server" ]; then
		kill "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	fi
	server=
}
trap 'stop; rm -rf "$dir"' EXIT

binary=${LECTERN:-$dir/lectern}
if [ -z "${LECTERN:-}" ]; then
	CGO_ENABLED=0 go build -trimpath -o "$binary" .
fi
http=${PORT:-18480}
address=http://127.0.0.1:$http
start() {
	LECTERN_LISTEN=127.0.0.1:$http LECTERN_ICE_UDP_PORT=$http LECTERN_ICE_TCP_PORT=$((http + 1)) LECTERN_DATA_DIR=$dir/data \
		LECTERN_RATE_LIMITS=off LECTERN_MEETING_MAX_PARTICIPANTS=5000 LECTERN_CHANNEL_MAX_MEMBERS=5000 LECTERN_LOG_LEVEL=error \
		"$binary" serve 2>>"$dir/log" &
	server=$!
	for _ in $(seq 100); do
		if curl -sf "$address/readyz" >/dev/null; then return; fi
		if ! kill -0 "$server" 2>/dev/null; then break; fi
		sleep 0.1
	done
	cat "$dir/log" >&2
	echo "the server did not start" >&2
	exit 1
}
most=0
for room in $rooms; do
	n=$(sed 's/[^0-9]/ /g' <<<"$room" | awk '{print ($1 > $2 ? $1 : $1 + $2)}')
	if [ "$n" -gt "$most" ]; then most=$n; fi
done
load=(loadtest --server "$address" --accounts "$dir/accounts" --duration "${DURATION:-15s}")

start
LECTERN_DATA_DIR=$dir/data "$binary" admin create-user admin@example.org --admin >/dev/null # a load test makes no administrator
"$binary" "${load[@]}" --subscribers $((most + 1)) --prepare # hashing passwords would count as memory of the meeting
stop
table=$dir/table
{
	printf '%s, %s cores, %s\n\n' "$(date -u +%Y-%m-%d)" "$(nproc)" "$(uname -sr)"
	printf '| room | in | packets/s | loss %% | delay p50 / p99 ms | join median / p95 ms | CPU µs per packet | KiB RSS (heap) per participant | server / load cores |\n'
	printf '|---|---|---|---|---|---|---|---|---|\n'
} >"$table"
failed=0
for room in $rooms; do
	publishers=${room%%[→×]*}
	subscribers=${room#*[→×]}
	subscribers=${subscribers%!}
	case $room in *×*) subscribers=0 ;; esac
	ramp=20
	case $room in *!) ramp=0 ;; esac
	start
	# shellcheck disable=SC2086 # LOAD is a list of flags
	"$binary" "${load[@]}" --pid "$server" --publishers "$publishers" --subscribers "$subscribers" --ramp "$ramp" --row ${LOAD:-} >>"$table" || failed=1
	stop
done
cat >>"$table" <<'EOF'
| **bars** (1→50, 1→100, 16×16) | all | | 0 | ≤ 0.6 / ≤ 3 | ≤ 30 / – | ≤ 6 | ≤ 300 | |
EOF
cat "$table"
if [ "${WRITE:-}" = 1 ]; then
	doc=docs/benchmarks/sfu.md
	awk -v table="$table" '
		/<!-- table -->/ { print; while ((getline line < table) > 0) print line; skip = 1; next }
		/<!-- end -->/ { skip = 0 }
		!skip' "$doc" >"$dir/doc" && cp "$dir/doc" "$doc"
fi
exit $failed
