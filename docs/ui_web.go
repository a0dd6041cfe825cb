//go:build web

package docs

import (
	"embed"
	"io/fs"
)

// The library's package has source maps of 8 MB beside what browsers load; `make docs/ui` copies only the latter.
//
//go:embed ui
var ui embed.FS

// UI has the files of Swagger UI.
func UI() fs.FS {
	files, err := fs.Sub(ui, "ui")
	if err != nil {
		panic(err) // the folder's name is right
	}
	return files
}
