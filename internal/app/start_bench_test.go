package app

import (
	"context"
	"io"
	"path/filepath"
	"testing"
)

// BenchmarkStart is from nothing to serving and down again, with the built-in
// world: into a new store, and on the one that the last run left behind.
func BenchmarkStart(b *testing.B) {
	start := func(b *testing.B, path string) {
		a, err := Start(b.Context(), Config{Listen: "127.0.0.1:0", Store: "sqlite:" + path, LogFormat: "text"}, io.Discard)
		if err != nil {
			b.Fatal(err)
		}
		if err := a.Stop(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			start(b, filepath.Join(b.TempDir(), "kaiwa.db"))
		}
	})
	b.Run("again", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "kaiwa.db")
		for b.Loop() {
			start(b, path)
		}
	})
}
