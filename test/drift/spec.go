package drift

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// ErrAbsent says that the descriptions do not lie beside the checkout.
var ErrAbsent = errors.New("the official descriptions are absent (../shared/openapi beside the checkout)")

// Operation is one operation of the official descriptions.
type Operation struct {
	ID     string
	Method string
	Path   string // with its parameters in braces
	File   string

	doc  *openapi3.T
	spec *openapi3.Operation
}

// String is the operation as missing.txt writes it.
func (o *Operation) String() string { return o.Method + " " + o.Path + " " + o.ID }

// Spec is all official descriptions together.
type Spec struct {
	Operations []*Operation // by path and method

	callback *openapi3.Schema
	line     *openapi3.Schema // the error of the Messaging API
}

// Need reads the descriptions, or skips the test where they are absent.
func Need(tb testing.TB) *Spec {
	tb.Helper()
	s, err := Load()
	if errors.Is(err, ErrAbsent) {
		tb.Skipf("skipped: %v", err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// Load reads the descriptions; ErrAbsent where there are none.
func Load() (*Spec, error) {
	_, here, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(here), "..", "..", "..", "shared", "openapi")
	files, err := filepath.Glob(filepath.Join(dir, "*.yml"))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) || len(files) == 0 {
		return nil, ErrAbsent
	}
	s := &Spec{}
	for _, file := range files {
		doc, err := openapi3.NewLoader().LoadFromFile(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		chooseByDiscriminator(doc)
		s.take(filepath.Base(file), doc)
	}
	slices.SortFunc(s.Operations, func(a, b *Operation) int {
		return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method)
	})
	return s, nil
}

func (s *Spec) take(file string, doc *openapi3.T) {
	switch file {
	case "webhook.yml": // its one path is there for code generators only
		s.callback = doc.Components.Schemas["CallbackRequest"].Value
		return
	case "messaging-api.yml":
		s.line = doc.Components.Schemas["ErrorResponse"].Value
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			s.Operations = append(s.Operations, &Operation{ID: op.OperationID, Method: method, Path: path, File: file, doc: doc, spec: op})
		}
	}
}

// chooseByDiscriminator makes the kinds of an object checkable. The files write
// a base with a discriminator and kinds that add to it by allOf; a validator sees
// only the base where the base is named. Here the base becomes a choice among
// its kinds, and the kinds build on a copy of the base that chooses nothing.
func chooseByDiscriminator(doc *openapi3.T) {
	for name, ref := range doc.Components.Schemas {
		base := ref.Value
		if base.Discriminator == nil || len(base.OneOf) > 0 {
			continue
		}
		common := *base
		common.Discriminator = nil
		*base = openapi3.Schema{Discriminator: base.Discriminator}
		own := "#/components/schemas/" + name
		for _, kind := range ref.Value.Discriminator.Mapping {
			target := doc.Components.Schemas[strings.TrimPrefix(kind.Ref, "#/components/schemas/")]
			for _, part := range target.Value.AllOf {
				if part.Ref == own {
					part.Ref, part.Value = "", &common
				}
			}
			if !slices.ContainsFunc(base.OneOf, func(r *openapi3.SchemaRef) bool { return r.Ref == kind.Ref }) {
				base.OneOf = append(base.OneOf, &openapi3.SchemaRef{Ref: kind.Ref, Value: target.Value})
			}
		}
	}
}

// Find is the operation that a request means, or nil. Of several patterns the
// one with more fixed segments is meant.
func (s *Spec) Find(method, path string) *Operation {
	var found *Operation
	most := -1
	for _, o := range s.Operations {
		if n, ok := fits(o.Path, path); ok && o.Method == method && n > most {
			found, most = o, n
		}
	}
	return found
}

// fits counts the fixed segments of a pattern that a path fits.
func fits(pattern, path string) (fixed int, ok bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return 0, false
	}
	for i, segment := range want {
		switch {
		case strings.HasPrefix(segment, "{"):
		case segment != got[i]:
			return 0, false
		default:
			fixed++
		}
	}
	return fixed, true
}
