package collection

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// request is one request of the collection, with what newman needs to send it.
type request struct {
	folder string
	name   string
	raw    map[string]any // the item as it stands in the file
	// recorded are the bodies of the answers that somebody kept, by status.
	recorded map[int]string
}

// readFolder reads the requests of one of the collection's folders, in its
// order; it skips the test where the collection is absent.
func readFolder(t *testing.T, folder string) []request {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "seeds", "line-api.postman_collection.json")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: the request collection is absent (../shared/seeds beside the checkout)")
	}
	if err != nil {
		t.Fatal(err)
	}
	var collection struct {
		Item []map[string]any `json:"item"`
	}
	if err := json.Unmarshal(text, &collection); err != nil {
		t.Fatal(err)
	}
	for _, top := range collection.Item {
		if top["name"] == folder {
			return flatten(nil, folder, top)
		}
	}
	t.Fatalf("the collection has no folder %q", folder)
	return nil
}

func flatten(list []request, folder string, item map[string]any) []request {
	children, ok := item["item"].([]any)
	if !ok {
		return append(list, newRequest(folder, item))
	}
	for _, child := range children {
		child := child.(map[string]any)
		below := folder
		if child["item"] != nil {
			below += "/" + child["name"].(string)
		}
		list = flatten(list, below, child)
	}
	return list
}

func newRequest(folder string, item map[string]any) request {
	r := request{folder: folder, name: item["name"].(string), raw: item, recorded: map[int]string{}}
	answers, _ := item["response"].([]any)
	for _, a := range answers {
		a := a.(map[string]any)
		status, _ := a["code"].(float64)
		body, _ := a["body"].(string)
		r.recorded[int(status)] = body
	}
	return r
}

// hosts are the platform's, all of which the program answers.
var hosts = []string{"https://api.line.me", "https://api-data.line.me", "https://developers-oaplus.line.biz"}

// item is the request as newman gets it: to the server at url, with scripts of
// the test's own before and after the collection's, and with files for what it uploads.
func (r request) item(t *testing.T, url string, s step) map[string]any {
	t.Helper()
	text, err := json.Marshal(r.raw)
	if err != nil {
		t.Fatal(err)
	}
	var item map[string]any
	if err := json.Unmarshal(text, &item); err != nil {
		t.Fatal(err)
	}
	delete(item, "response")
	req := item["request"].(map[string]any)
	req["url"] = rewritten(req["url"], url)
	if s.file != "" {
		upload(req["body"].(map[string]any), s.file)
	}
	events, _ := item["event"].([]any)
	if s.before != "" {
		events = append([]any{script("prerequest", s.before)}, events...)
	}
	if s.after != "" {
		events = append(events, script("test", s.after))
	}
	item["event"] = events
	return item
}

func rewritten(u any, url string) string {
	raw, ok := u.(string)
	if !ok {
		raw = u.(map[string]any)["raw"].(string)
	}
	for _, h := range hosts {
		if rest, ok := strings.CutPrefix(raw, h); ok {
			return url + rest
		}
	}
	return raw
}

func upload(body map[string]any, file string) {
	switch body["mode"] {
	case "file":
		body["file"] = map[string]any{"src": file}
	case "formdata":
		for _, part := range body["formdata"].([]any) {
			if part := part.(map[string]any); part["type"] == "file" {
				part["src"] = file
			}
		}
	}
}

func script(listen, line string) map[string]any {
	return map[string]any{"listen": listen, "script": map[string]any{"type": "text/javascript", "exec": []string{line}}}
}
