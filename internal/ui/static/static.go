// Package static holds the stylesheets and scripts of the user interface and
// serves them under URLs that carry a hash of them all, so that a browser may
// keep them for ever and relative imports between modules just work.
//
// It owns no page. The scripts are plain ES modules with JSDoc types; there is
// no bundler, and nothing is fetched from another host.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"sync"
	"time"
)

//go:embed *.css *.js *.svg
var files embed.FS

// Prefix is where the files are served.
const Prefix = "/_/static/"

var hash = sync.OnceValue(func() string {
	sum := sha256.New()
	for _, name := range Names() {
		text, _ := files.ReadFile(name)
		sum.Write([]byte(name))
		sum.Write(text)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
})

// Names lists the files.
func Names() []string {
	names, _ := fs.Glob(files, "*.*")
	return names
}

// URL is where the file of that name is served.
func URL(name string) string { return Prefix + hash() + "/" + name }

// Handler serves the files. A URL with another hash, as a page opened before an
// update may ask for, gets the file of today without the promise to keep it.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		dir, name := path.Split(r.URL.Path)
		text, err := files.ReadFile(name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		if dir == Prefix+hash()+"/" {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			w.Header().Set("Cache-Control", "no-cache")
		}
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
	})
}
