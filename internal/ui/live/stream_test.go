package live

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	g "maragu.dev/gomponents"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/ui/page"
)

// event is one Server-Sent Event as the browser reads it.
type event struct{ id, name, data string }

// browser is an open stream.
type browser struct {
	t    *testing.T
	scan *bufio.Scanner
	stop context.CancelFunc
}

// open asks for a stream and returns it once it runs.
func open(t *testing.T, s *Streams, query, lastEventID string) *browser {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(stop)
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/_/events?"+query, nil)
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	if res.StatusCode != http.StatusOK {
		t.Fatalf("status %d", res.StatusCode)
	}
	if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
		t.Fatalf("content type %q", got)
	}
	return &browser{t: t, scan: bufio.NewScanner(res.Body), stop: stop}
}

// next reads one event.
func (b *browser) next() event {
	b.t.Helper()
	var e event
	for b.scan.Scan() {
		key, value, _ := strings.Cut(b.scan.Text(), ": ")
		switch key {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			e.data = value
		case "":
			return e
		}
	}
	b.t.Fatalf("stream ended: %v", b.scan.Err())
	return e
}

// chats draws messages of the chat that the topic names.
func chats(_ context.Context, _ page.Lang, t Topic, c feed.Change) ([]Patch, error) {
	switch {
	case c.Type == "broken":
		return nil, errors.New("store is gone")
	case c.Type != "message" || c.ChatID != t.ID(1):
		return nil, nil
	}
	return []Patch{Append("messages", g.El("li", g.Text(c.Data.(string))))}, nil
}

func testStreams() (*Streams, *feed.Feed) {
	f := &feed.Feed{}
	s := New(f, slog.New(slog.DiscardHandler))
	s.On("chat", chats)
	return s, f
}

func say(f *feed.Feed, chat, text string) {
	f.Publish(feed.Change{Type: "message", ChatID: chat, Data: text})
}

func TestStreamSendsOnlyTheTopicsAskedFor(t *testing.T) {
	s, f := testStreams()
	b := open(t, s, "topics=chat:U1:C1", "")
	if e := b.next(); e.name != "beat" || e.id != s.Position() {
		t.Fatalf("first event %+v, want the position", e)
	}
	say(f, "C2", "elsewhere")
	say(f, "C1", "<b>")
	e := b.next()
	want := `[{"topic":"chat:U1:C1","op":"append","target":"messages","html":"<li>&lt;b&gt;</li>"}]`
	if e.name != "patch" || e.data != want || e.id != s.position(2) {
		t.Fatalf("got %+v, want data %s", e, want)
	}
}

func TestStreamStartsWhereThePageWasMade(t *testing.T) {
	s, f := testStreams()
	say(f, "C1", "on the page already")
	made := s.Position()
	say(f, "C1", "between page and stream")
	b := open(t, s, "topics=chat:U1:C1&after="+made, "")
	b.next() // position
	if e := b.next(); !strings.Contains(e.data, "between page and stream") {
		t.Fatalf("got %+v", e)
	}
}

func TestStreamResumesAfterTheLastEvent(t *testing.T) {
	s, f := testStreams()
	for _, text := range []string{"one", "two", "three"} {
		say(f, "C1", text)
	}
	// The browser repeats the first URL and says in a header how far it came.
	b := open(t, s, "topics=chat:U1:C1&after="+s.position(1), s.position(2))
	b.next() // position
	if e := b.next(); !strings.Contains(e.data, "three") {
		t.Fatalf("got %+v, want the third alone", e)
	}
}

func TestStreamAsksToReloadWhenChangesAreLost(t *testing.T) {
	fill := func(f *feed.Feed) {
		for range 3000 {
			say(f, "C9", "many")
		}
	}
	cases := map[string]struct {
		prepare func(*feed.Feed)
		last    func(*Streams) string
	}{
		"forgotten":              {fill, func(s *Streams) string { return s.position(500) }},
		"another run":            {fill, func(*Streams) string { return "older.2999" }},
		"ahead of us":            {fill, func(s *Streams) string { return s.position(9999) }},
		"no position":            {fill, func(*Streams) string { return "nonsense" }},
		"made before all of it":  {fill, func(s *Streams) string { return s.position(0) }},
		"another run, same size": {func(*feed.Feed) {}, func(*Streams) string { return "older.0" }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s, f := testStreams()
			c.prepare(f)
			b := open(t, s, "topics=chat:U1:C1", c.last(s))
			if e := b.next(); e.name != "reload" || e.id != s.Position() {
				t.Fatalf("got %+v, want reload at %s", e, s.Position())
			}
			say(f, "C1", "goes on")
			if e := b.next(); !strings.Contains(e.data, "goes on") {
				t.Fatalf("after the reload came %+v", e)
			}
		})
	}
}

func TestStreamAsksToReloadWhatItCannotDraw(t *testing.T) {
	for _, kind := range []string{"broken", "reset"} {
		s, f := testStreams()
		b := open(t, s, "topics=chat:U1:C1", "")
		b.next()
		f.Publish(feed.Change{Type: kind})
		if e := b.next(); e.name != "reload" {
			t.Fatalf("%s: got %+v", kind, e)
		}
	}
}

func TestQuietStreamTellsItsPosition(t *testing.T) {
	s, f := testStreams()
	s.heartbeat = time.Millisecond
	b := open(t, s, "topics=chat:U1:C1", "")
	b.next()
	say(f, "C2", "elsewhere")
	for e := b.next(); e.id != s.position(1); e = b.next() {
		if e.name != "beat" {
			t.Fatalf("got %+v", e)
		}
	}
}

func TestStreamRefusesWhatNobodyDraws(t *testing.T) {
	s, _ := testStreams()
	for _, query := range []string{"", "topics=", "topics=weather", "topics=chat:U1:C1,weather", "topics=" + strings.Repeat("chat:U1:C1,", 201) + "chat:U1:C1"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/_/events?"+query, nil))
		if w.Code != http.StatusBadRequest {
			t.Errorf("%q: status %d, want 400", query, w.Code)
		}
	}
}
