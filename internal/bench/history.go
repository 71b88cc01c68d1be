package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
)

const (
	historyFriends = 1000
	// fillBatch is how many messages one commit writes while the store is filled.
	fillBatch = 20_000
	// pages is how many pages are read at each place.
	pages = 200
)

// historyStart is when the first message of the history was sent; one follows each second.
var historyStart = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

// History measures reading a long history by the public API: pages of 100 at
// its start, middle and end, and all of it as one stream. The figures of
// requests are those of the pages.
func History(ctx context.Context, o Options) (*Figures, error) {
	s, err := open(ctx, o, world{friends: historyFriends})
	if err != nil {
		return nil, err
	}
	defer s.close()
	if o.Target == "" {
		if err := s.fill(ctx, o); err != nil {
			return nil, err
		}
	}
	f, err := s.measure(ctx, "history", load{address: s.address, connections: o.Connections, duration: o.Duration, requests: o.Requests,
		job: func(w *wire, worker int) func(int) error {
			return func(n int) error {
				at := (int64(n)*7919 + int64(worker)*104_729) % max(o.Messages, 1) // all over the history
				return s.page(w, at)
			}
		}})
	if err != nil {
		return nil, err
	}
	f.History = &HistoryFigures{Messages: o.Messages}
	for _, p := range []struct {
		at   int64
		into *float64
	}{{0, &f.History.PageStart}, {o.Messages / 2, &f.History.PageMiddle}, {max(0, o.Messages-100), &f.History.PageEnd}} {
		if *p.into, err = s.pagesAt(p.at); err != nil {
			return nil, err
		}
	}
	if err := s.stream(f.History); err != nil {
		return nil, err
	}
	if o.Target == "" && f.History.Streamed != o.Messages {
		return nil, fmt.Errorf("the stream had %d of %d messages", f.History.Streamed, o.Messages)
	}
	return f, nil
}

func (s *server) messages() string { return "/public/v1/accounts/" + s.channel + "/messages" }

// page reads the 100 messages that begin with the one of that number.
func (s *server) page(w *wire, at int64) error {
	from := historyStart.Add(time.Duration(at) * time.Second).Format(time.RFC3339)
	status, body, err := w.exchange(request("GET", s.messages()+"?limit=100&from="+from, s.address, "", "Authorization: Bearer "+s.key))
	return want(200, status, body, err)
}

func (s *server) pagesAt(at int64) (float64, error) {
	w, err := dial(s.address)
	if err != nil {
		return 0, err
	}
	defer w.Close()
	took := make([]time.Duration, pages)
	for i := range took {
		began := time.Now()
		if err := s.page(w, at); err != nil {
			return 0, err
		}
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	return millis(quantile(took, 0.5)), nil
}

// stream reads the whole history. It asks by HTTP/1.0, whose answers need no
// taking apart: they end with the connection.
func (s *server) stream(f *HistoryFigures) error {
	w, err := dial(s.address)
	if err != nil {
		return err
	}
	defer w.Close()
	m := startMeter(s.pid())
	began := time.Now()
	if _, err := fmt.Fprintf(w, "GET %s HTTP/1.0\r\nHost: %s\r\nAuthorization: Bearer %s\r\nAccept: application/x-ndjson\r\n\r\n", s.messages(), s.address, s.key); err != nil {
		return err
	}
	buf := make([]byte, 256<<10)
	var read int64
	head := 0 // lines of the head, which are no messages
	for {
		n, err := w.Read(buf)
		if read == 0 {
			head = bytes.Count(buf[:max(0, bytes.Index(buf[:n], headEnd)+len(headEnd))], []byte("\n"))
			if !bytes.Contains(buf[:n], []byte(" 200 ")) {
				return fmt.Errorf("the stream was refused: %s", buf[:n])
			}
		}
		read += int64(n)
		f.Streamed += int64(bytes.Count(buf[:n], []byte("\n")))
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	f.Streamed -= int64(head)
	took := time.Since(began)
	f.StreamSeconds, f.StreamMegabytes = round(took.Seconds()), round(float64(read)/1e6)
	f.StreamedPerSecond = round(float64(f.Streamed) / took.Seconds())
	f.CPUMicrosPerStream, _ = m.perUnit(f.Streamed)
	return nil
}

// fill writes the history into the store of the stopped server, and starts it again.
func (s *server) fill(ctx context.Context, o Options) error {
	if err := s.stop(); err != nil {
		return err
	}
	db, err := store.Open(ctx, s.dsn(), store.Options{Migrations: o.Migrations})
	if err != nil {
		return err
	}
	seq := &id.Sequence{}
	for done := int64(0); done < o.Messages; done += fillBatch {
		if err := db.Update(ctx, func(tx *store.Tx) error { return write(tx, seq, done, min(done+fillBatch, o.Messages)) }); err != nil {
			return errors.Join(err, db.Close())
		}
		if done%(50*fillBatch) == 0 {
			fmt.Fprintf(o.Progress, "filling: %d of %d messages\n", done, o.Messages)
		}
	}
	err = db.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE chats SET message_count = (SELECT COUNT(*) FROM messages m WHERE m.chat_no = chats.no),
			last_at = (SELECT COALESCE(MAX(m.sent_at), 0) FROM messages m WHERE m.chat_no = chats.no)`)
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	return s.start(ctx, o.Program)
}

// write writes messages from up to below to: people and the account in turn,
// each with everybody else. The people have the numbers 1 and on, as the world
// gave them; their chats get the same.
func write(tx *store.Tx, seq *id.Sequence, from, to int64) error {
	if from == 0 {
		for i := range historyFriends {
			if _, err := tx.Exec(`INSERT INTO chats (no, kind, channel_no, peer, provider, name, picture_url, message_count, last_at)
				VALUES ($1, 'user', 1, $2, 'Bench', '', '', 0, 0)`, i+1, person(i)); err != nil {
				return err
			}
		}
	}
	for i := from; i < to; i++ {
		at := historyStart.Add(time.Duration(i) * time.Second)
		who := i/2%historyFriends + 1
		sender, origin, requestID, body := who, 0, "", `{"type":"text","text":"Do you have a table for two tonight?"}`
		if i%2 == 1 {
			sender, origin, requestID, body = -1, 2, id.UUID(), `{"type":"text","text":"Yes, at eight. Shall we keep it for you?"}`
		}
		if _, err := tx.Exec(`INSERT INTO messages (id, account_no, chat_no, sender_no, origin, sent_at, type, body, request_id, unsent_at, silent, unit)
			VALUES ($1, 1, $2, $3, $4, $5, 'text', $6, $7, 0, 0, '')`, seq.Next(at), who, sender, origin, at.UnixMilli(), body, requestID); err != nil {
			return err
		}
	}
	return nil
}
