package stage

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kaiwa/internal/platform/schema"
)

// books is how many rows each table has and what each counter counts.
type books map[string]int64

// quiet are tables whose rows say nothing of a call's effect.
var quiet = []string{"settings", "webhook_attempts", "counters", "tokens"}

func (s *Stage) books() books {
	s.T.Helper()
	b := books{}
	var parts []string
	for _, table := range schema.Tables() {
		if slices.Contains(quiet, table) || table == "outbox" && !s.held {
			continue
		}
		parts = append(parts, `SELECT '`+table+`', COUNT(*) FROM `+table)
	}
	parts = append(parts, `SELECT '#' || name, SUM(value) FROM counters WHERE name NOT IN ('wrote', 'boundary', 'friendship') GROUP BY name`)
	rows, err := s.db.QueryContext(s.T.Context(), strings.Join(parts, " UNION ALL "))
	if err != nil {
		s.T.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			s.T.Fatal(err)
		}
		b[name] = n
	}
	if err := rows.Err(); err != nil {
		s.T.Fatal(err)
	}
	return b
}

// since tells the difference: "#usage+1 messages+1".
func (b books) since(before books) string {
	var words []string
	for name, n := range b {
		if d := n - before[name]; d != 0 {
			words = append(words, fmt.Sprintf("%s%+d", name, d))
		}
	}
	for name, n := range before {
		if _, still := b[name]; !still {
			words = append(words, fmt.Sprintf("%s%+d", name, -n))
		}
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// Effect runs act and tells what it did to the store, and after a bar which
// changes listeners of the feed were told of: "messages+1 | message".
func (s *Stage) Effect(act func()) string {
	s.T.Helper()
	feed := s.listener()
	feed.take()
	before := s.books()
	act()
	did := s.books().since(before)
	if told := feed.take(); told != "" {
		did = strings.TrimSpace(did + " | " + told)
	}
	return did
}

// Step is a row of a scenario table.
type Step struct {
	Name string
	// Call is method and path.
	Call, Body string
	// As is the calling channel; "" calls without a token.
	As     string
	Header []string // name, value, ...
	Status int
	// Want is the exact body, in which * stands for any characters but quotes.
	Want string
	// Effect is what the call did, as Stage.Effect tells it.
	Effect string
}

// Play runs the steps one after the other, each as a subtest.
func (s *Stage) Play(t *testing.T, steps []Step) {
	t.Helper()
	for _, step := range steps {
		t.Run(step.Name, func(t *testing.T) {
			var got Answer
			did := s.Effect(func() { got = s.send(step) })
			if got.Status != step.Status || !Like(step.Want, got.Body) {
				t.Errorf("%s\n got %d %s\nwant %d %s", step.Call, got.Status, got.Body, step.Status, step.Want)
			}
			if did != step.Effect {
				t.Errorf("%s\ndid  %q\nwant %q", step.Call, did, step.Effect)
			}
		})
	}
}

func (s *Stage) send(step Step) Answer {
	method, path, _ := strings.Cut(step.Call, " ")
	if step.As == "" {
		return s.Do(method, path, step.Body, step.Header...)
	}
	return s.As(step.As, method, path, step.Body, step.Header...)
}

// Like compares a text with a pattern in which * stands for any characters but quotes.
func Like(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	for i, part := range parts[1:] {
		last := i == len(parts)-2
		at := strings.Index(rest, part)
		if last && part == "" {
			return !strings.Contains(rest, `"`)
		}
		if last && strings.HasSuffix(rest, part) {
			at = len(rest) - len(part)
		}
		if at < 0 || strings.Contains(rest[:at], `"`) {
			return false
		}
		rest = rest[at+len(part):]
	}
	return rest == ""
}

// Row reads one row of the server's store.
func (s *Stage) Row(query string, args []any, dest ...any) {
	s.T.Helper()
	if err := s.db.QueryRowContext(s.T.Context(), query, args...).Scan(dest...); err != nil {
		s.T.Fatalf("%s: %v", query, err)
	}
}

// driver is what database/sql opens a store by.
func driver(dsn string) (name, source string) {
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		return "sqlite", "file:" + path + "?mode=ro"
	}
	return "pgx", dsn
}
