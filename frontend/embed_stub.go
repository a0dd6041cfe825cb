//go:build !web

// Package frontend holds the built web app; without the build tag "web" it has none, and Go alone can build Lectern.
package frontend

import "io/fs"

// Dist is nil: this build has no web app.
func Dist() fs.FS { return nil }
