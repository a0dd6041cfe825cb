// Package migrations holds the numbered SQL, one folder per database. A merged migration never changes; a later one
// mends it.
package migrations

import "embed"

// FS has the folders "postgres" and "sqlite".
//
//go:embed postgres/*.sql sqlite/*.sql
var FS embed.FS
