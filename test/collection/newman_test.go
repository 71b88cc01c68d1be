package collection

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// step is what a test adds to a request of the collection, and what it expects.
type step struct {
	name   string // the request's, so that the table keeps step with the collection
	status int
	// want is the body, with * for what differs from run to run; "" is any body of the recorded shape.
	want string
	// before and after are scripts around the request.
	before, after string
	file          string // what the request uploads
}

// answer is what a request got.
type answer struct {
	Name   string
	Method string
	URL    string
	Status int
	Type   string
	Body   string
}

// play sends the requests one after another by newman, with these global
// variables, and gives their answers.
func play(t *testing.T, url string, requests []request, steps []step, globals map[string]string) []answer {
	t.Helper()
	newman, err := filepath.Abs(filepath.Join("node_modules", ".bin", "newman"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(newman); err != nil {
		t.Skip("skipped: newman is not installed; run npm ci in test/collection")
	}
	if len(requests) != len(steps) {
		t.Fatalf("the collection has %d requests, the table %d", len(requests), len(steps))
	}
	var items []any
	for i, r := range requests {
		if steps[i].name != r.name {
			t.Fatalf("request %d of the collection is %q, of the table %q", i, r.name, steps[i].name)
		}
		items = append(items, r.item(t, url, steps[i]))
	}
	dir := t.TempDir()
	collection := write(t, dir, "collection.json", map[string]any{"item": items,
		"info": map[string]string{"name": "collection", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}})
	var values []any
	for name, value := range globals {
		values = append(values, map[string]any{"key": name, "value": value, "enabled": true})
	}
	env := write(t, dir, "globals.json", map[string]any{"values": values})
	result := filepath.Join(dir, "result.json")
	cmd := exec.CommandContext(t.Context(), newman, "run", collection, "--globals", env, "--reporters", "json", "--reporter-json-export", result,
		"--suppress-exit-code", "--disable-unicode")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("newman: %v\n%s", err, out)
	}
	return readAnswers(t, result)
}

func write(t *testing.T, dir, name string, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// result is newman's own report, as far as it is read here.
type result struct {
	Run struct {
		Executions []struct {
			Item    struct{ Name string }
			Request struct {
				Method string
				URL    json.RawMessage
			}
			Response *struct {
				Code   int
				Header []struct{ Key, Value string }
				Stream struct{ Data []int }
			}
			RequestError json.RawMessage
		}
	}
}

func readAnswers(t *testing.T, path string) []answer {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r result
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	var list []answer
	for _, e := range r.Run.Executions {
		a := answer{Name: e.Item.Name, Method: e.Request.Method, URL: string(e.Request.URL)}
		if e.Response == nil {
			t.Errorf("%s got no answer: %s", a.Name, e.RequestError)
			list = append(list, a)
			continue
		}
		a.Status = e.Response.Code
		body := make([]byte, len(e.Response.Stream.Data))
		for i, b := range e.Response.Stream.Data {
			body[i] = byte(b)
		}
		a.Body = string(body)
		for _, h := range e.Response.Header {
			if h.Key == "Content-Type" {
				a.Type = h.Value
			}
		}
		list = append(list, a)
	}
	return list
}
