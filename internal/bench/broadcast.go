package bench

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
)

const (
	// broadcastText is what is sent; the last one is looked for on phones.
	broadcastText = "Closed on Monday"
	// viewers is how many friends' chats are looked at.
	viewers = 50
)

// Broadcast measures broadcasts to all friends, how many rows one takes, and how
// soon the chat of any friend shows it.
func Broadcast(ctx context.Context, o Options) (*Figures, error) {
	s, err := open(ctx, o, world{crowd: o.Friends})
	if err != nil {
		return nil, err
	}
	defer s.close()
	send := request("POST", "/v2/bot/message/broadcast", s.address, `{"messages":[{"type":"text","text":"`+broadcastText+`"}]}`,
		"Authorization: Bearer "+s.token)
	f, err := s.measure(ctx, "broadcast", load{address: s.address, connections: o.Connections, duration: o.Duration, requests: o.Requests,
		job: func(w *wire, _ int) func(int) error {
			return func(int) error {
				status, body, err := w.exchange(send)
				return want(200, status, body, err)
			}
		}})
	if err != nil {
		return nil, err
	}
	f.Broadcast = &BroadcastFigures{Friends: o.Friends}
	if o.Target != "" { // whose friends and rows are not ours to look at
		return f, nil
	}
	if f.Broadcast.Shown, err = s.shown(send); err != nil {
		return nil, err
	}
	f.Broadcast.Rows, err = s.rowsPerBroadcast(ctx, o)
	return f, err
}

// shown is the median time from a broadcast's answer to a friend's chat having
// been read with it at its end.
func (s *server) shown(send []byte) (float64, error) {
	friends, err := s.friends()
	if err != nil {
		return 0, err
	}
	w, err := dial(s.address)
	if err != nil {
		return 0, err
	}
	defer w.Close()
	var took []time.Duration
	for _, friend := range friends {
		status, body, err := w.exchange(send)
		if err := want(200, status, body, err); err != nil {
			return 0, err
		}
		began := time.Now()
		chat, err := s.call("GET", "/sim/v1/people/"+friend+"/chats/"+s.channel+"/messages?limit=1", "", "")
		if err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
		if !bytes.Contains(chat, []byte(broadcastText)) {
			return 0, fmt.Errorf("the chat of %s does not show the broadcast: %s", friend, chat)
		}
	}
	slices.Sort(took)
	return millis(quantile(took, 0.5)), nil
}

// friends are some of the account's, from the beginning of its list.
func (s *server) friends() ([]string, error) {
	body, err := s.call("GET", fmt.Sprintf("/v2/bot/followers/ids?limit=%d", viewers), "", s.token)
	if err != nil {
		return nil, err
	}
	var page struct {
		UserIDs []string `json:"userIds"`
	}
	err = json.Unmarshal(body, &page)
	return page.UserIDs, err
}

// rowsPerBroadcast counts message rows against sends, in the stopped server's store.
func (s *server) rowsPerBroadcast(ctx context.Context, o Options) (float64, error) {
	if err := s.stop(); err != nil {
		return 0, err
	}
	db, err := store.Open(ctx, s.dsn(), store.Options{Migrations: o.Migrations})
	if err != nil {
		return 0, err
	}
	defer db.Close()
	var messages, sends float64
	err = db.View(ctx, func(tx *store.Tx) error {
		if err := tx.Row(`SELECT COUNT(*) FROM messages`, nil, &messages); err != nil {
			return err
		}
		return tx.Row(`SELECT COUNT(*) FROM sends`, nil, &sends)
	})
	return round(messages / sends), err
}
