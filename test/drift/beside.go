package drift

import (
	"strings"

	"github.com/go-json-experiment/json"
)

// beside holds an answer against its description, without members of which the
// description does not know or that it has otherwise: paths from the body's
// root, through arrays as if they were not there.
func beside(paths ...string) func(*Spec, Answer) error {
	return func(s *Spec, a Answer) error {
		var v any
		if err := json.Unmarshal(a.Body, &v); err != nil {
			return err
		}
		for _, path := range paths {
			remove(v, strings.Split(path, "."))
		}
		body, err := json.Marshal(v)
		if err != nil {
			return err
		}
		a.Body = body
		return described(s.Find(a.Method, a.Path).spec.Responses.Status(a.Status).Value, a)
	}
}

func remove(v any, path []string) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			remove(one, path)
		}
	case map[string]any:
		if len(path) == 1 {
			delete(v, path[0])
			return
		}
		remove(v[path[0]], path[1:])
	}
}
