#!/bin/bash
# What Lectern costs besides media, as one table: requests per CPU-second on SQLite and PostgreSQL, posts to many sockets, memory per
# socket, start and idle. The server and the load share the machine.
#   DURATION   of each kind of request (5s)
#   SOCKETS    how many sockets hear how many posts a second (100:20 1000:10)
#   WRITE=1    put the table into docs/benchmarks/summary.md as well
#   LECTERN    binary to measure (bin/lectern)
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${LECTERN:-bin/lectern}
http=${PORT:-18490}
address=http://127.0.0.1:$http
dir=$(mktemp -d /tmp/lectern-bench-XXXX)
server= postgres= database=
end() { # a process, by the variable that has its id
	local pid=${!1}
	if [ -n "$pid" ]; then
		kill -INT "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	fi
	printf -v "$1" ''
}
trap 'end server; end postgres; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

# ready asks without starting a program, which would take longer than the server.
ready() {
	exec 3<>"/dev/tcp/127.0.0.1/$http" || return 1
	printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3
	read -r _ status _ <&3 || status=
	exec 3>&-
	[ "$status" = 200 ]
} 2>/dev/null

# start brings the server up on $dir/$1 and sets took, in milliseconds.
start() {
	local from=${EPOCHREALTIME/./}
	LECTERN_LISTEN=127.0.0.1:$http LECTERN_ICE_UDP_PORT=$http LECTERN_ICE_TCP_PORT=$((http + 1)) LECTERN_TURN_PORT=off LECTERN_DATA_DIR=$dir/$1 \
		LECTERN_DATABASE_URL=$database LECTERN_RATE_LIMITS=off LECTERN_CHANNEL_MAX_MEMBERS=5000 LECTERN_LOG_LEVEL=error \
		"$binary" serve 2>>"$dir/log" &
	server=$!
	until ready; do
		if ! kill -0 "$server" 2>/dev/null || [ $((${EPOCHREALTIME/./} - from)) -gt 20000000 ]; then
			cat "$dir/log" >&2
			echo "the server did not start" >&2
			exit 1
		fi
		sleep 0.005
	done
	took=$(((${EPOCHREALTIME/./} - from) / 1000))
}

# cluster runs a PostgreSQL of its own with the settings that it comes with, as nobody but root may not.
cluster() {
	local bin as=()
	bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
	if [ -z "$bin" ]; then return 1; fi
	mkdir "$dir/pg"
	if [ "$(id -u)" = 0 ]; then
		as=(setpriv --reuid=postgres --regid=postgres --clear-groups) # in its place: its signals are those of PostgreSQL
		chown postgres "$dir/pg"
		chmod 711 "$dir"
	fi
	"${as[@]}" "$bin/initdb" -A trust -U lectern -E UTF8 --locale=C.UTF-8 "$dir/pg/data" >"$dir/initdb" 2>&1
	"${as[@]}" "$bin/postgres" -D "$dir/pg/data" -k "$dir/pg" -c listen_addresses= >>"$dir/pg.log" 2>&1 &
	postgres=$!
	for _ in $(seq 200); do
		if "$bin/pg_isready" -q -h "$dir/pg" -U lectern; then break; fi
		sleep 0.05
	done
	database="postgres://lectern@/postgres?host=$dir/pg"
}

load() { "$binary" loadtest "$1" --server "$address" --pid "$server" --row "${@:2}"; }
# people starts the server on $dir/$1, which is somebody's: a load test wants no installation whose first account it would be.
people() {
	start "$1"
	LECTERN_DATA_DIR=$dir/$1 LECTERN_DATABASE_URL=$database "$binary" admin create-user admin@example.org --admin >/dev/null
}
memory() { awk -v what="$1:" '$1 == what {printf "%.0f", $2 / 1024}' "/proc/$server/status"; }

table=$dir/table
row() { printf "$@" >>"$table"; }
row '%s, %s cores (%s), %s, Lectern %s\n\n' "$(date -u +%Y-%m-%d)" "$(nproc)" "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)" \
	"$(uname -sr)" "$(git describe --tags --always 2>/dev/null || echo '?')"

row '| the server by itself, SQLite | | target |\n|---|---|---|\n'
start sqlite
row '| first start, which makes the database | %s ms | |\n' "$took"
end server
times=()
for _ in 1 2 3 4 5; do
	start sqlite
	times+=("$took")
	end server
done
row '| start, median of 5 | %s ms | ≤ 300 ms |\n' "$(printf '%s\n' "${times[@]}" | sort -n | sed -n 3p)"
start sqlite
sleep "${IDLE:-20}"
row '| its own memory after %s s without anybody | %s MiB | ≤ 40 MiB |\n' "${IDLE:-20}" "$(memory RssAnon)"
row '| the same with the pages of the program'"'"'s file | %s MiB | |\n' "$(memory VmRSS)"
end server

row '\n| requests | per CPU-second | per second | p50 / p99 ms |\n|---|---|---|---|\n'
for kind in SQLite PostgreSQL; do
	if [ "$kind" = PostgreSQL ] && ! cluster; then
		row '| PostgreSQL is not installed | | | |\n'
		continue
	fi
	people "api-$kind"
	load api --duration "${DURATION:-5s}" | sed "s/^| \(\**\)/| \1$kind: /" >>"$table"
	end server
done
end postgres
database=

row '\n| sockets | posts/s | deliveries | lost / doubled | answer p50 / p99 ms | delivery p50 / p99 ms | CPU µs per delivery | KiB per socket | server / load cores |\n'
row '|---|---|---|---|---|---|---|---|---|\n'
failed=0
for room in ${SOCKETS:-100:20 1000:10}; do
	people "chat-$room"
	load chat --sockets "${room%:*}" --rate "${room#*:}" >>"$table" || failed=1
	end server
done

cat "$table"
if [ "${WRITE:-}" = 1 ]; then
	doc=docs/benchmarks/summary.md
	awk -v table="$table" '
		/<!-- table -->/ { print; while ((getline line < table) > 0) print line; skip = 1; next }
		/<!-- end -->/ { skip = 0 }
		!skip' "$doc" >"$dir/doc" && cp "$dir/doc" "$doc"
fi
exit $failed
