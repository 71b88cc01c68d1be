package connector

import (
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/goccy/go-yaml"
)

var noLetters = regexp.MustCompile(`[^a-z0-9]+`)

// snake is a title in snake case.
func snake(title string) string {
	return strings.Trim(noLetters.ReplaceAllString(strings.ReplaceAll(strings.ToLower(title), "'", ""), "_"), "_")
}

func TestTable(t *testing.T) {
	names := map[string]bool{}
	operations := map[string]bool{}
	for _, a := range Actions() {
		if a.Name != snake(a.Title) {
			t.Errorf("%s is titled %q", a.Name, a.Title)
		}
		for _, name := range a.Names() {
			if names[name] {
				t.Errorf("two actions are named %s", name)
			}
			names[name] = true
		}
		if key := a.Operation + a.Path; operations[key] || a.Operation == "" {
			t.Errorf("%s: operation %q stands twice", a.Name, a.Operation)
		} else {
			operations[key] = true
		}
		inPath := 0
		for _, in := range a.Inputs {
			if in.About == "" {
				t.Errorf("%s: %s is not explained", a.Name, in.Name)
			}
			if a.Place(in) == InPath {
				inPath++
				if !in.Required {
					t.Errorf("%s: %s is part of the path and may be left out", a.Name, in.Name)
				}
			}
		}
		if inPath != strings.Count(a.Path, "{") {
			t.Errorf("%s: the path %s has another number of inputs", a.Name, a.Path)
		}
	}
	if len(names) < 100 {
		t.Errorf("only %d names", len(names))
	}
}

func TestManifest(t *testing.T) {
	var m struct {
		Actions []struct {
			Name  string         `yaml:"name"`
			Input map[string]any `yaml:"input"`
		} `yaml:"actions"`
		Triggers []struct {
			Name string `yaml:"name"`
		} `yaml:"triggers"`
	}
	if err := yaml.Unmarshal(YAML(Manifest()), &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Actions) != len(Actions()) || len(m.Triggers) != len(Triggers()) || m.Triggers[0].Name != "new_message" {
		t.Errorf("%d actions, %d triggers", len(m.Actions), len(m.Triggers))
	}
	for _, a := range m.Actions {
		if a.Input["type"] != "object" {
			t.Errorf("%s: %v", a.Name, a.Input)
		}
	}
	if v := jsontext.Value(AsJSON(Manifest())); !v.IsValid() {
		t.Error("as JSON it is not valid")
	}
}

func TestReceive(t *testing.T) {
	const body = `{"destination":"Ub","events":[{"type":"message","webhookEventId":"01A"},{"type":"unsend","webhookEventId":"01B"},{"type":"follow","webhookEventId":"01C"}]}`
	const signature = "XTkh5EJ1EjpXSaHQDoE1UAWl7vyBPvMXiBNCNrN+yhs="
	list, err := Receive("a secret", signature, []byte(body))
	if err != nil || len(list) != 2 || list[0].Trigger != "new_message" || list[1].Trigger != "new_friend" || list[1].WebhookEventID != "01C" || string(list[1].Event) != `{"type":"follow","webhookEventId":"01C"}` {
		t.Errorf("%v %v", list, err)
	}
	for secret, text := range map[string]string{"another secret": body, "a secret": body + " "} {
		if _, err := Receive(secret, signature, []byte(text)); err != ErrSignature {
			t.Errorf("%q: %v", secret, err)
		}
	}
}
