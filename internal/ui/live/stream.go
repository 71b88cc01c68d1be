package live

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/ui/page"
)

// Topic is one of the topics a stream asks for: its kind and the ids after it,
// as in chat:U1:C1.
type Topic struct {
	Kind string
	IDs  []string
}

// ID is the n-th id of the topic, "" if it has fewer.
func (t Topic) ID(n int) string {
	if n < len(t.IDs) {
		return t.IDs[n]
	}
	return ""
}

// Render gives the edits that a change means for pages that listen to a topic,
// nil if it means none. It is called for every change, so it should tell those
// of others apart before it reads the store.
type Render func(ctx context.Context, l page.Lang, t Topic, c feed.Change) ([]Patch, error)

// Streams serves the streams.
type Streams struct {
	feed  *feed.Feed
	log   *slog.Logger
	run   string
	kinds map[string]Render
	// heartbeat tells proxies and the browser that the stream lives, and how far it is.
	heartbeat time.Duration
}

const (
	heartbeat  = 15 * time.Second
	topicsMost = 200 // more than the tabs of one person listen to
)

// New makes the streams of one run of the server.
func New(f *feed.Feed, log *slog.Logger) *Streams {
	run := strconv.FormatInt(time.Now().UnixMilli(), 36)
	return &Streams{feed: f, log: log, run: run, kinds: map[string]Render{}, heartbeat: heartbeat}
}

// On registers the renderer of a kind of topics. It is called before serving.
func (s *Streams) On(kind string, r Render) { s.kinds[kind] = r }

// Position is where the stream now stands, for a page to start from.
func (s *Streams) Position() string { return s.position(s.feed.Last()) }

func (s *Streams) position(n int64) string { return s.run + "." + strconv.FormatInt(n, 10) }

// after reads a position. ok is false for one of another run of the server, or
// one that cannot be read: what was missed is then unknown.
func (s *Streams) after(position string) (n int64, ok bool) {
	run, number, _ := strings.Cut(position, ".")
	n, err := strconv.ParseInt(number, 10, 64)
	return n, err == nil && n >= 0 && run == s.run
}

// ServeHTTP streams changes until the browser leaves.
func (s *Streams) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	topics, err := s.topics(r.FormValue("topics"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no")
	out := &writer{streams: s, topics: topics, lang: page.ReaderOf(r).Lang, w: w, flush: http.NewResponseController(w)}
	// A stream outlives the write deadline that other answers have.
	_ = out.flush.SetWriteDeadline(time.Time{})
	from := r.Header.Get("Last-Event-ID")
	if from == "" {
		from = r.FormValue("after")
	}
	for from = out.stream(r.Context(), from); from != ""; {
		from = out.stream(r.Context(), from)
	}
}

func (s *Streams) topics(list string) ([]Topic, error) {
	names := strings.Split(list, ",")
	if len(names) > topicsMost {
		return nil, fmt.Errorf("more than %d topics", topicsMost)
	}
	var topics []Topic
	for _, name := range names {
		kind, ids, _ := strings.Cut(name, ":")
		if s.kinds[kind] == nil {
			return nil, fmt.Errorf("unknown topic %q", name)
		}
		t := Topic{Kind: kind}
		if ids != "" {
			t.IDs = strings.Split(ids, ":")
		}
		topics = append(topics, t)
	}
	return topics, nil
}

// writer is one stream.
type writer struct {
	streams *Streams
	topics  []Topic
	lang    page.Lang
	w       http.ResponseWriter
	flush   *http.ResponseController
}

// stream sends what changes after a position, until the browser leaves (when
// the result is "") or the listener fell behind: then the pages are told to
// load again, and the stream goes on from the position returned.
func (o *writer) stream(ctx context.Context, from string) string {
	n, known := int64(0), true
	if from != "" {
		n, known = o.streams.after(from)
	}
	listener, complete := o.listen(n, known && from != "")
	defer listener.Close()
	if !complete || !known {
		n = o.streams.feed.Last()
		if !o.send(n, "reload", []byte("{}")) {
			return ""
		}
	} else if !o.beat(n) {
		return ""
	}
	beat := time.NewTicker(o.streams.heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return ""
		case <-beat.C:
			if !o.beat(n) {
				return ""
			}
		case c, open := <-listener.C:
			if !open { // fell behind; an unknown run makes the next round say so
				return "behind." + strconv.FormatInt(n, 10)
			}
			n = c.ID
			if !o.change(ctx, c) {
				return ""
			}
		}
	}
}

// listen starts at a known position, or now. The feed takes 0 for "now", so a
// page that was made before anything happened asks for what it has by hand.
func (o *writer) listen(n int64, resume bool) (*feed.Listener, bool) {
	if !resume {
		return o.streams.feed.Listen(0)
	}
	if n == 0 {
		l, _ := o.streams.feed.Listen(0)
		return l, o.streams.feed.Last() == 0
	}
	return o.streams.feed.Listen(n)
}

// change sends the edits of all topics that a change means.
func (o *writer) change(ctx context.Context, c feed.Change) bool {
	if c.Type == "reset" { // the world is another one: no page is right any more
		return o.send(c.ID, "reload", []byte("{}"))
	}
	var patches []Patch
	for _, t := range o.topics {
		more, err := o.streams.kinds[t.Kind](ctx, o.lang, t, c)
		if err != nil {
			if ctx.Err() == nil {
				o.streams.log.ErrorContext(ctx, "live update not drawn", "topic", t.Kind, "change", c.Type, "error", err)
			}
			return o.send(c.ID, "reload", []byte("{}"))
		}
		name := strings.Join(append([]string{t.Kind}, t.IDs...), ":")
		for _, p := range more {
			p.Topic = name
			patches = append(patches, p)
		}
	}
	if len(patches) == 0 {
		return true
	}
	data, err := json.Marshal(patches)
	if err != nil {
		o.streams.log.ErrorContext(ctx, "live update not written", "error", err)
		return true
	}
	return o.send(c.ID, "patch", data)
}

func (o *writer) send(n int64, event string, data []byte) bool {
	_, err := fmt.Fprintf(o.w, "id: %s\nevent: %s\ndata: %s\n\n", o.streams.position(n), event, data)
	return err == nil && o.flush.Flush() == nil
}

// beat tells the position, so that a quiet stream does not resume from a
// change that is long forgotten.
func (o *writer) beat(n int64) bool { return o.send(n, "beat", []byte("{}")) }
