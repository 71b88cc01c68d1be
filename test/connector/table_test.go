package connector

import (
	"strings"
	"testing"

	"kaiwa/internal/connector"
	"kaiwa/test/drift"
)

// elsewhere are the official operations that are no actions: they are about
// tokens, which the connector handles itself, or need a channel's consent page.
var elsewhere = map[string]bool{"attachModule": true, "callback": true}

// TestTableAgainstTheSpecification holds every action against the official
// descriptions: there is such an operation, and there is an action for each.
func TestTableAgainstTheSpecification(t *testing.T) {
	spec := drift.Need(t)
	covered := map[string]bool{}
	for _, a := range connector.Actions() {
		if a.History {
			continue
		}
		found := false
		for _, o := range spec.Operations {
			if o.ID == a.Operation && o.Method == a.Method && o.Path == a.Path {
				found = true
			}
		}
		if !found {
			t.Errorf("%s: there is no operation %s %s %s", a.Name, a.Operation, a.Method, a.Path)
		}
		covered[a.Operation] = true
	}
	for _, o := range spec.Operations {
		if !covered[o.ID] && !elsewhere[o.ID] && !strings.Contains(o.Path, "/oauth") {
			t.Errorf("there is no action for %s", o)
		}
	}
}
