#!/bin/bash
# Builds one archive per system (os/arch …) around frontend/dist, and SHA256SUMS: release.sh v1.2.3 linux/amd64 windows/amd64
# The same source, Go and version give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$1
shift
out=bin/release
rm -rf "$out"
mkdir -p "$out"
stamp=@$(git log -1 --format=%ct 2>/dev/null || echo 0)

for platform in "$@"; do
	os=${platform%/*} arch=${platform#*/}
	name=lectern_${version}_${os}_${arch}
	program=lectern
	[ "$os" = windows ] && program=lectern.exe
	mkdir "$out/$name"
	GOOS=$os GOARCH=$arch CGO_ENABLED=0 go build -trimpath -tags web,nomsgpack -ldflags "-s -w -X main.version=$version" -o "$out/$name/$program" .
	cp LICENSE README.md CHANGELOG.md "$out/$name/"
	mkdir "$out/$name/docs" "$out/$name/deploy"
	cp -r docs/guide "$out/$name/docs/"
	cp -r deploy/nginx deploy/caddy deploy/grafana "$out/$name/deploy/"
	[ "$os" = linux ] && cp -r deploy/systemd "$out/$name/deploy/"
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="$stamp" -C "$out" -cf - "$name" | gzip -9n >"$out/$name.tar.gz"
	rm -r "${out:?}/$name"
	echo "$out/$name.tar.gz"
done
(cd "$out" && sha256sum -- *.tar.gz >SHA256SUMS)
