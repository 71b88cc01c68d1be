package collection

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
)

// differs says where a body has not the shape of a recorded one: other members,
// or values of other types. Lists are compared by the members that any of their
// elements has; an empty list has no shape. "" when nothing differs.
func differs(recorded, got string) string {
	var a, b any
	if err := json.Unmarshal([]byte(recorded), &a); err != nil {
		return fmt.Sprintf("the recorded body is no JSON: %v", err)
	}
	if err := json.Unmarshal([]byte(got), &b); err != nil {
		return fmt.Sprintf("the body is no JSON: %v", err)
	}
	return differ("", a, b)
}

func differ(path string, a, b any) string {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok {
			return path + ": not an object"
		}
		for _, name := range slices.Sorted(maps.Keys(a)) {
			if _, ok := b[name]; !ok {
				return path + "." + name + ": missing"
			}
			if d := differ(path+"."+name, a[name], b[name]); d != "" {
				return d
			}
		}
		for _, name := range slices.Sorted(maps.Keys(b)) {
			if _, ok := a[name]; !ok {
				return path + "." + name + ": not in what was recorded"
			}
		}
	case []any:
		b, ok := b.([]any)
		if !ok {
			return path + ": not a list"
		}
		return differAll(path+"[]", a, b)
	default:
		if fmt.Sprintf("%T", a) != fmt.Sprintf("%T", b) {
			return fmt.Sprintf("%s: %T, recorded as %T", path, b, a)
		}
	}
	return ""
}

// differAll compares lists: all elements together have the recorded shape, or one
// of them has (an account has more kinds of things than were recorded).
func differAll(path string, a, b []any) string {
	if len(a) == 0 || len(b) == 0 {
		return ""
	}
	for _, e := range b {
		if differ(path, joined(a), e) == "" {
			return ""
		}
	}
	return differ(path, joined(a), joined(b))
}

// joined is one element with the members of all.
func joined(list []any) any {
	all, ok := list[0].(map[string]any)
	if !ok {
		return list[0]
	}
	all = maps.Clone(all)
	for _, e := range list[1:] {
		if e, ok := e.(map[string]any); ok {
			maps.Copy(all, e)
		}
	}
	return all
}

func TestDiffers(t *testing.T) {
	for _, c := range []struct{ recorded, got, want string }{
		{`{"a":1,"b":"x"}`, `{"b":"y","a":2}`, ""},
		{`{"a":1}`, `{"a":"1"}`, ".a: string, recorded as float64"},
		{`{"a":1}`, `{}`, ".a: missing"},
		{`{}`, `{"a":1}`, ".a: not in what was recorded"},
		{`[{"a":1}]`, `[]`, ""},
		{`[{"a":1},{"b":1}]`, `[{"b":1,"a":2}]`, ""},
		{`[{"a":1}]`, `[{"a":1,"b":2},{"a":2}]`, ""},
		{`{"l":[{"a":1}]}`, `{"l":[{"a":null}]}`, ".l[].a: <nil>, recorded as float64"},
		{`{"l":[]}`, `{"l":{}}`, ".l: not a list"},
	} {
		if got := differs(c.recorded, c.got); got != c.want {
			t.Errorf("%s against %s: %q, want %q", c.got, c.recorded, got, c.want)
		}
	}
}
