// Package internal holds only this test: the shape of the house, as
// docs/architecture.md describes it, checked against what the files import.
package internal

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrow is the one direction of imports: a package imports only what stands in
// a later step, or what belongs to its own part.
var arrow = [][]string{
	{"cmd"},
	{"internal/app"},
	{"internal/ui", "internal/edge", "internal/bench"},
	{"internal/workspace", "internal/connector"},
	{"internal/sim"},
	{"internal/platform"},
	{"internal/kernel"},
}

// rooms is the same for the rooms of internal/platform among each other.
var rooms = [][]string{
	{"pnp", "insight", "richmenu", "membership", "module", "mission", "login", "liff", "miniapp", "shop"},
	{"message"},
	{"audience", "coupon"}, // who sends a coupon message asks whether there is such a coupon; coupons know nothing of sending
	{"interaction", "group", "presence", "accountlink"},
	{"chat"},
	{"dialog"},
	{"friend"},
	{"token", "webhook"},
	{"channel", "object"},
}

// extra are the arrows between rooms that the order does not give, each there
// on purpose: from, to, why.
var extra = [][3]string{
	{"liff", "login", "a LIFF app logs its people in, and acts with their tokens"},
	{"miniapp", "login", "a service notification token begins with a user access token"}}

// onlyTests are packages that product code never imports, except the wiring,
// which hands the schema to the store.
var onlyTests = []string{"internal/testkit", "internal/platform/schema"}

// nameless are package names that say nothing of what is inside.
var nameless = []string{"utils", "util", "common", "helpers", "helper", "models", "misc", "shared"}

const linesMost = 500

// source is one Go file: where it is, and what matters of it here.
type source struct {
	path    string // slash-separated, from the module's root
	dir     string
	test    bool
	pkg     string
	imports []string // of this module, from its root; others whole
	inits   int
	lines   int
}

func TestArrow(t *testing.T) {
	for _, f := range sources(t) {
		for _, to := range f.imports {
			if why := turnsBack(f.dir, to, f.test); why != "" {
				t.Errorf("%s imports %s: %s", f.path, to, why)
			}
		}
	}
}

func TestNamesAndSizes(t *testing.T) {
	for _, f := range sources(t) {
		if slices.Contains(nameless, strings.TrimSuffix(f.pkg, "_test")) {
			t.Errorf("%s: package %s is named after nothing; name it after its noun", f.path, f.pkg)
		}
		if f.inits > 0 {
			t.Errorf("%s: has an init function; what starts, starts in internal/app", f.path)
		}
		if f.lines > linesMost && !f.test {
			t.Errorf("%s: %d lines, more than %d; it holds more than one noun", f.path, f.lines, linesMost)
		}
	}
}

// TestTable shows that the table refuses what it is there to refuse.
func TestTable(t *testing.T) {
	for _, c := range []struct {
		from, to string
		test, ok bool
	}{
		{"cmd/kaiwa", "internal/app", false, true},
		{"internal/app", "cmd/kaiwa", false, false},
		{"internal/app", "internal/platform/schema", false, true},
		{"internal/ui/phone", "internal/ui/flexhtml", false, true},
		{"internal/ui/phone", "internal/edge", false, false},
		{"internal/workspace/archive", "internal/ui/flexhtml", false, false},
		{"internal/workspace/archive", "internal/connector", false, false},
		{"internal/sim", "internal/platform/message", false, true},
		{"internal/platform/message", "internal/sim", false, false},
		{"internal/platform/message", "internal/platform/chat", false, true},
		{"internal/platform/message", "internal/platform/message/part", false, true},
		{"internal/platform/message", "internal/platform/audience", false, true},
		{"internal/platform/message", "internal/platform/insight", false, false},
		{"internal/platform/chat", "internal/platform/message", false, false},
		{"internal/platform/token", "internal/platform/webhook", false, false},
		{"internal/platform/channel", "internal/kernel/store", false, true},
		{"internal/platform/channel", "internal/platform/schema", false, false},
		{"internal/platform/channel", "internal/platform/schema", true, true},
		{"internal/kernel/api", "internal/kernel/store", false, true},
		{"internal/kernel/api", "internal/platform/object", false, false},
		{"internal/kernel/api", "internal/testkit", false, false},
		{"internal/kernel/api", "internal/testkit", true, true},
		{"internal/testkit", "internal/platform/schema", false, true},
		{"internal/sim", "encoding/json", false, false},
		{"internal/sim", "encoding/json", true, true},
		{"internal/sim", "net/http", false, true},
		{"internal/attic", "internal/kernel/id", false, false},
		{"internal/platform/attic", "internal/kernel/id", false, false},
	} {
		if why := turnsBack(c.from, c.to, c.test); (why == "") != c.ok {
			t.Errorf("%s -> %s (test: %t): %q", c.from, c.to, c.test, why)
		}
	}
}

// turnsBack says why a package in dir from may not import to; "" when it may.
func turnsBack(from, to string, test bool) string {
	switch {
	case to == "encoding/json" && !test:
		return "it takes duplicate names and invalid UTF-8; use github.com/go-json-experiment/json"
	case !within(to, "internal") && !within(to, "cmd"):
		return "" // not ours
	case slices.ContainsFunc(onlyTests, func(dir string) bool { return within(to, dir) }):
		if test || within(from, "internal/testkit") || within(from, "internal/app") && to == "internal/platform/schema" {
			return ""
		}
		return "only tests import it"
	case within(from, "internal/testkit"):
		return back("internal/app", to) // as the wiring may, for it opens stores
	}
	return back(from, to)
}

func back(from, to string) string {
	a, b := place(arrow, from, ""), place(arrow, to, "")
	switch {
	case a.step < 0:
		return from + " has no place in the table of internal/arch_test.go"
	case b.step < 0:
		return to + " has no place in the table of internal/arch_test.go"
	case a.step < b.step, a.step == b.step && a.name == b.name && a.name != "internal/platform":
		return roomless(from)
	case a.step == b.step && a.name == b.name:
		return backAmongRooms(from, to)
	}
	return "the arrow turns back: " + b.name + " does not stand to the right of " + a.name
}

func backAmongRooms(from, to string) string {
	a, b := place(rooms, from, "internal/platform/"), place(rooms, to, "internal/platform/")
	if why := roomless(from) + roomless(to); why != "" {
		return why
	}
	if a.step < b.step || a.name == b.name {
		return ""
	}
	for _, x := range extra {
		if x[0] == a.name && x[1] == b.name {
			return ""
		}
	}
	return "the arrow turns back: room " + a.name + " may not know room " + b.name
}

// roomless complains of a room that the order does not know.
func roomless(dir string) string {
	if !within(dir, "internal/platform") || dir == "internal/platform/schema" || place(rooms, dir, "internal/platform/").step >= 0 {
		return ""
	}
	return dir + " is no room of the table in internal/arch_test.go"
}

type spot struct {
	step int
	name string
}

func place(table [][]string, dir, prefix string) spot {
	for i, step := range table {
		for _, name := range step {
			if within(dir, prefix+name) {
				return spot{i, name}
			}
		}
	}
	return spot{-1, ""}
}

func within(dir, parent string) bool { return dir == parent || strings.HasPrefix(dir, parent+"/") }

// sources parses every Go file of the product; the test's own folder is internal/.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, top := range []string{"internal", "cmd"} {
		root := filepath.Join("..", top)
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				if name == root && os.IsNotExist(err) {
					return nil
				}
				return err
			}
			if d.IsDir() && d.Name() == "testdata" {
				return filepath.SkipDir
			}
			if d.IsDir() || !strings.HasSuffix(name, ".go") {
				return nil
			}
			f, err := parse(name)
			all = append(all, f)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 20 {
		t.Fatalf("found only %d files: is this the module's internal folder?", len(all))
	}
	return all
}

func parse(name string) (source, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return source{}, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	f := source{path: strings.TrimPrefix(filepath.ToSlash(name), "../"), pkg: file.Name.Name, lines: bytes.Count(text, []byte("\n"))}
	f.dir, f.test = path.Dir(f.path), strings.HasSuffix(name, "_test.go")
	for _, spec := range file.Imports {
		to, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		f.imports = append(f.imports, strings.TrimPrefix(to, "kaiwa/"))
	}
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			f.inits++
		}
	}
	return f, nil
}
