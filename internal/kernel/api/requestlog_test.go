package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/kernel/api"
)

func TestRequestLog(t *testing.T) {
	b := newBench(t, family, op("json", "POST /json/{name}"))
	start := time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)
	b.server.Clock.Set(start)
	var added []api.Request
	b.server.Requests.Added = func(r api.Request) { added = append(added, r) }
	var observed []string
	b.server.Observe = func(op string, status int, took time.Duration) {
		observed = append(observed, fmt.Sprint(op, " ", status, " ", took > 0))
	}
	b.call("POST", "/json/%E3%81%82?secret=hush", `{"n":1}`, asJSON)
	b.call("POST", "/json/b", `{"n":"x"}`, asJSON, "Authorization: Bearer 2")
	b.call("POST", "/nowhere", `{"secret":"hush"}`, asJSON)
	list := b.server.Requests.List("", 10, 0)
	if len(list) != 3 || len(added) != 3 {
		t.Fatalf("%d requests, %d told of", len(list), len(added))
	}
	for i, want := range []api.Request{
		{ID: 3, Operation: "unknown", Path: "/nowhere", Status: 404, Error: "Not found"},
		{ID: 2, ChannelID: "2", Operation: "json", Path: "/json/b", Status: 400, Error: "The property, 'n', in the request body is invalid (line: 1, column: 6)"},
		{ID: 1, ChannelID: "1656000001", Operation: "json", Path: "/json/%E3%81%82", Status: 200},
	} {
		got := list[i]
		if got.Time.Before(start) || got.Time.After(start.Add(time.Hour)) || len(got.RequestID) != 36 || got.Milliseconds < 0 {
			t.Errorf("%+v", got)
		}
		want.Method, want.Time, want.RequestID, want.Milliseconds = "POST", got.Time, got.RequestID, got.Milliseconds
		if got != want || got != added[len(added)-1-i] {
			t.Errorf("%+v\nwant %+v\ntold %+v", got, want, added[len(added)-1-i])
		}
	}
	b.server.Requests.Clear()
	b.call("POST", "/json/c", `{"n":1}`, asJSON)
	if left := b.server.Requests.List("", 10, 0); len(left) != 1 || left[0].ID != 4 {
		t.Errorf("after it was cleared: %+v", left)
	}
	observed, added = observed[:3], added[:3]
	if got := strings.Join(observed, ", "); got != "json 200 true, json 400 true, unknown 404 true" {
		t.Errorf("observed %s", got)
	}
	if log := b.log.String(); strings.Contains(log, "hush") || !strings.Contains(log, list[0].RequestID) || strings.Count(log, "\n") != 4 {
		t.Errorf("the access log is %s", log)
	}
}

// What a client wrote comes back in paths and refusals, also what is no text.
func TestRequestLogIsText(t *testing.T) {
	b := newBench(t, family, op("json", "POST /json"))
	s := b.listen()
	for _, target := range []string{"/json", "/nowhere/\xff"} {
		r, err := http.NewRequest("POST", s.URL, strings.NewReader(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Opaque = s.URL + target
		r.Header.Set("Authorization", "Bearer 1")
		r.Header.Set("Content-Type", "text/\xff")
		res, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	list := b.server.Requests.List("", 10, 0)
	if len(list) != 2 || list[1].Status != 415 || list[0].Status != 404 {
		t.Fatalf("%+v", list)
	}
	if _, err := api.Encode(list); err != nil {
		t.Error(err)
	}
}

func TestRequestLogKeepsTheLast(t *testing.T) {
	b := newBench(t, family, op("json", "POST /json"))
	const kept, made = 5000, 5200
	for i := range made {
		b.call("POST", "/json", `{}`, asJSON, fmt.Sprint("Authorization: Bearer ", i%2))
	}
	numbers := func(list []api.Request) (out []int64) {
		for _, r := range list {
			out = append(out, r.ID)
		}
		return out
	}
	for name, c := range map[string]struct {
		channel     string
		limit       int
		before      int64
		first, last int64
		n           int
	}{
		"newest":          {"", 3, 0, made, made - 2, 3},
		"all":             {"", 9999, 0, made, made - kept + 1, kept},
		"before":          {"", 2, 5000, 4999, 4998, 2},
		"before the last": {"", 2, made, made - 1, made - 2, 2},
		"before a later":  {"", 2, made + 100, made, made - 1, 2},
		"of a channel":    {"1", 3, 0, made, made - 4, 3},
		"forgotten":       {"", 10, made - kept + 1, 0, 0, 0},
		"none":            {"x", 10, 0, 0, 0, 0},
	} {
		got := numbers(b.server.Requests.List(c.channel, c.limit, c.before))
		if len(got) != c.n || c.n > 0 && (got[0] != c.first || got[c.n-1] != c.last) {
			t.Errorf("%s: %d requests %v", name, len(got), got[:min(5, len(got))])
		}
	}
}
