//go:build !web

package docs

import (
	"io/fs"

	swaggerfiles "github.com/swaggo/files/v2"
)

// UI has the files of Swagger UI.
func UI() fs.FS { return swaggerfiles.FS }
