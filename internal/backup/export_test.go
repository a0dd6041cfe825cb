package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Contents reads an archive's rows and files by name, the values as both databases have them.
func Contents(t testing.TB, archive []byte) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	kinds := map[string][]string{}
	r, err := openArchive(bytes.NewReader(archive))
	require.NoError(t, err)
	for _, table := range r.manifest.Tables {
		kinds[table.Name] = table.Columns
	}
	for {
		header, err := r.tar.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		content, err := io.ReadAll(r.tar)
		require.NoError(t, err)
		rest, isTable := strings.CutPrefix(header.Name, tablesFolder)
		if !isTable {
			if header.Name != endName {
				all[header.Name] = []string{string(content)}
			}
			continue
		}
		name, _, _ := strings.Cut(rest, "/")
		for line := range strings.Lines(string(content)) {
			all[name] = append(all[name], canonical(t, kinds[name], line))
		}
	}
	for _, rows := range all {
		slices.Sort(rows)
	}
	return all
}

// canonical is a row as an object, whose order of columns does not count, with 0 and 1 for false and true.
func canonical(t testing.TB, columns []string, line string) string {
	var row []any
	decode := json.NewDecoder(strings.NewReader(line))
	decode.UseNumber()
	require.NoError(t, decode.Decode(&row))
	object := map[string]any{}
	for i, name := range columns {
		switch v := row[i].(type) {
		case bool:
			object[name] = map[bool]string{true: "1", false: "0"}[v]
		case json.Number:
			object[name] = v.String()
		default:
			object[name] = v
		}
	}
	out, err := json.Marshal(object)
	require.NoError(t, err)
	return string(out)
}

// WithManifest rewrites an archive with another manifest.
func WithManifest(t testing.TB, archive []byte, change func(*Manifest)) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	w := tar.NewWriter(zipped)
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	require.NoError(t, err)
	r := tar.NewReader(unzipped)
	for {
		header, err := r.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		if header.Name == manifestName {
			var m Manifest
			require.NoError(t, json.Unmarshal(content, &m))
			change(&m)
			content, err = json.Marshal(m)
			require.NoError(t, err)
			header.Size = int64(len(content))
		}
		require.NoError(t, w.WriteHeader(header))
		_, err = w.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, zipped.Close())
	return out.Bytes()
}

// SecretNames are the files of a data folder that an archive gets besides database and uploads.
var SecretNames = secretNames
