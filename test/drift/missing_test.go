package drift_test

import (
	_ "embed"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/test/drift"
	"kaiwa/test/kit"
)

//go:embed missing.txt
var missing string

// official is how many operations the platform has.
const official = 110

// The operations that the running program does not serve are exactly those of
// missing.txt: one that gets lost is noticed, and so is one that was built and
// still stands in the list.
func TestMissingOperations(t *testing.T) {
	spec := drift.Need(t)
	if len(spec.Operations) != official {
		t.Errorf("the descriptions have %d operations, not %d", len(spec.Operations), official)
	}
	served := servedBy(t, kit.Start(t, kit.Options{}), spec)
	listed := lines(missing)
	for _, o := range spec.Operations {
		in := slices.Contains(listed, o.String())
		switch {
		case served[o] == o.ID && in:
			t.Errorf("is served now, take it out of missing.txt:\n%s", o)
		case served[o] == o.ID:
		case served[o] != "unknown":
			t.Errorf("%s is answered by another operation: %s", o, served[o])
		case !in:
			t.Errorf("is not served, and not in missing.txt:\n%s", o)
		}
		listed = slices.DeleteFunc(listed, func(line string) bool { return line == o.String() })
	}
	for _, line := range listed {
		t.Errorf("missing.txt names no official operation: %s", line)
	}
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// servedBy asks for each operation without a token, so that nothing happens,
// and reads in the server's own log which operation took the request.
func servedBy(t *testing.T, server *kit.Server, spec *drift.Spec) map[*drift.Operation]string {
	asked := map[string]*drift.Operation{}
	for _, o := range spec.Operations {
		answer := server.Do(o.Method, parameter.ReplaceAllString(o.Path, "0"), "")
		id := answer.Header.Get("X-Line-Request-Id")
		if id == "" || asked[id] != nil {
			t.Errorf("%s: x-line-request-id %q is none of its own", o, id)
		}
		asked[id] = o
		if answer.Status == http.StatusOK {
			t.Errorf("%s: 200 to a request without a token", o)
		}
	}
	var log struct {
		Requests []struct {
			RequestID string `json:"requestId"`
			Operation string `json:"operation"`
		} `json:"requests"`
	}
	if err := json.Unmarshal([]byte(server.Do(http.MethodGet, "/sim/v1/requests?limit=1000", "").Body), &log); err != nil {
		t.Fatal(err)
	}
	served := map[*drift.Operation]string{}
	for _, r := range log.Requests {
		if o := asked[r.RequestID]; o != nil {
			served[o] = r.Operation
		}
	}
	return served
}

func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	return list
}
