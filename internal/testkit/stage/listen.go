package stage

import (
	"bufio"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
)

// Change is one event of the simulation API's stream.
type Change struct {
	ID, Type, Data string
}

// listener reads /sim/v1/events.
type listener struct {
	s      *Stage
	cancel context.CancelFunc
	c      chan Change
}

// Listen opens the stream of changes with a query such as "?userId=U..." and
// headers; the test's end closes it.
func (s *Stage) Listen(t testing.TB, query string, header ...string) <-chan Change {
	t.Helper()
	l := s.listen(t, query, header...)
	t.Cleanup(l.close)
	return l.c
}

func (s *Stage) listen(t testing.TB, query string, header ...string) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/sim/v1/events"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("events: %v %v", err, res)
	}
	l := &listener{s: s, cancel: cancel, c: make(chan Change, 10_000)}
	begun := make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) })
	go func() {
		defer close(l.c)
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		var one Change
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "":
				if value != "" { // the comment that opens the stream
					begin()
				}
				if one.Type != "" {
					l.c <- one
				}
				one = Change{}
			case "id":
				one.ID = value
			case "event":
				one.Type = value
			case "data":
				one.Data = value
			}
		}
	}()
	select {
	case <-begun:
	case <-t.Context().Done():
		t.Fatal("the stream did not begin")
	}
	return l
}

func (l *listener) close() { l.cancel() }

func (s *Stage) listener() *listener {
	s.T.Helper()
	if s.tap == nil {
		s.tap = s.listen(s.T, "")
	}
	return s.tap
}

// take gives the types of the changes since it was last asked. It sends a
// request of its own and reads up to the change that tells of it. Requests and
// the outcomes of deliveries are left out: they come when they come.
func (l *listener) take() string {
	l.s.T.Helper()
	mark := l.s.Do(http.MethodGet, "/v2/bot/mark", "").Header.Get("x-line-request-id")
	var types []string
	for c := range l.c {
		if c.Type == "request" && strings.Contains(c.Data, mark) {
			slices.Sort(types)
			return strings.Join(types, " ")
		}
		if c.Type != "request" && !outcome(c) {
			types = append(types, c.Type)
		}
	}
	l.s.T.Fatal("the stream of changes ended")
	return ""
}

func outcome(c Change) bool {
	var v struct {
		Data struct {
			Attempt int `json:"attempt"`
		} `json:"data"`
	}
	return c.Type == "webhook" && json.Unmarshal([]byte(c.Data), &v) == nil && v.Data.Attempt > 0
}
