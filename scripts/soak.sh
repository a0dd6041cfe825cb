#!/bin/bash
# Lets meetings come and go for a while and looks whether anything stays behind: after each round everybody has left, and the
# goroutines, the gauges of the media server and the memory must be where they were. Prints a line for each round; fails on growth.
#   MINUTES   how long (10)
#   LECTERN   binary to use instead of one built now
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait || true; rm -rf "$dir"' EXIT
binary=${LECTERN:-$dir/lectern}
[ -n "${LECTERN:-}" ] || CGO_ENABLED=0 go build -trimpath -o "$binary" .
port=${PORT:-18490}
address=http://127.0.0.1:$port
LECTERN_LISTEN=127.0.0.1:$port LECTERN_ICE_UDP_PORT=$port LECTERN_ICE_TCP_PORT=$((port + 1)) LECTERN_DATA_DIR=$dir/data \
	LECTERN_RATE_LIMITS=off LECTERN_LOG_LEVEL=error "$binary" serve 2>"$dir/log" &
server=$!
for _ in $(seq 100); do
	curl -sf "$address/readyz" >/dev/null && break
	sleep 0.1
done

# value NAME: the sum of a metric.
value() { curl -sf "$address/metrics" | awk -v name="$1" '$1 == name || index($1, name "{") == 1 { sum += $2 } END { printf "%.0f", sum }'; }

LECTERN_DATA_DIR=$dir/data "$binary" admin create-user admin@example.org --admin >/dev/null # a load test makes no administrator
load=("$binary" loadtest --server "$address" --accounts "$dir/accounts")
"${load[@]}" --prepare --subscribers 25 >/dev/null 2>&1
printf 'round  goroutines  rooms  participants  tracks  heap MiB  RSS MiB\n'
end=$((SECONDS + ${MINUTES:-10} * 60))
round=0
while [ $SECONDS -lt $end ]; do
	round=$((round + 1))
	case $((round % 3)) in
	0) shape=(--publishers 1 --subscribers 20 --ramp 0) ;;
	1) shape=(--publishers 4 --subscribers 0 --simulcast) ;;
	2) shape=(--publishers 3 --subscribers 6 --ramp 10) ;;
	esac
	if ! "${load[@]}" "${shape[@]}" --duration 4s >"$dir/out" 2>&1; then
		cat "$dir/out" "$dir/log" >&2
		exit 1
	fi
	for _ in $(seq 400); do # those who left are still being closed
		[ "$(value lectern_sfu_participants)" = 0 ] && break
		sleep 0.1
	done
	sleep 1
	line=$(printf '%5d  %10d  %5d  %12d  %6d  %8d  %7d' "$round" "$(value go_goroutines)" "$(value lectern_sfu_rooms)" "$(value lectern_sfu_participants)" \
		"$(value lectern_sfu_tracks)" "$(($(value go_memstats_heap_alloc_bytes) >> 20))" "$(($(value process_resident_memory_bytes) >> 20))")
	echo "$line" | tee -a "$dir/rounds"
done
awk '
	function median(from, to, column,   n, i, j, t, list) {
		for (i = from; i <= to; i++) list[++n] = row[i, column]
		for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (list[j] < list[i]) { t = list[i]; list[i] = list[j]; list[j] = t }
		return list[int((n + 1) / 2)]
	}
	{ for (i = 1; i <= NF; i++) row[NR, i] = $i }
	END {
		if (NR < 8) { print "too few rounds to tell"; exit 1 }
		quarter = int(NR / 4)
		early = quarter + 1; late = NR - quarter + 1
		g1 = median(early, early + quarter - 1, 2); g2 = median(late, NR, 2)
		m1 = median(early, early + quarter - 1, 7); m2 = median(late, NR, 7)
		printf "goroutines %d → %d, RSS %d → %d MiB (medians of the second and the last quarter)\n", g1, g2, m1, m2
		for (i = 3; i <= 5; i++) if (row[NR, i] != 0) { print "something stayed behind"; bad = 1 }
		if (g2 > g1 + 5) { print "goroutines grow"; bad = 1 }
		if (m2 > m1 * 1.15) { print "memory grows"; bad = 1 }
		exit bad
	}' "$dir/rounds"
