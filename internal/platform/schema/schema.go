// Package schema holds the numbered migrations of the one database: which
// tables there are. Each table belongs to the room named above it; only that
// room's store.go speaks to it.
package schema

import (
	"embed"
	"regexp"
)

//go:embed *.sql
var files embed.FS

// Files are the migrations, for store.Open.
func Files() embed.FS { return files }

var created = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)

// Tables names all tables, for a reset.
func Tables() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil // an embedded folder is always there
	}
	names := []string{"counters"} // the store's own
	for _, e := range entries {
		text, err := files.ReadFile(e.Name())
		if err != nil {
			continue
		}
		for _, m := range created.FindAllSubmatch(text, -1) {
			names = append(names, string(m[1]))
		}
	}
	return names
}
