// Package schema holds the numbered migrations of the one database: which
// tables there are. Each table belongs to the room named above it; only that
// room's store.go speaks to it.
package schema

import "embed"

//go:embed *.sql
var files embed.FS

// Files are the migrations, for store.Open.
func Files() embed.FS { return files }
