package webhook

import (
	"context"
	"math"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// LogQuery asks for a page of the delivery log.
type LogQuery struct {
	ChannelID string // empty: all channels
	Limit     int    // 1 to 1000; 0 is 50
	Cursor    string // NextCursor of the page before
}

// LogPage is a page of the delivery log, newest event first.
type LogPage struct {
	Webhooks   []LogEntry `json:"webhooks"`
	NextCursor string     `json:"nextCursor,omitzero"`
}

// LogEntry is one event and how it was delivered.
type LogEntry struct {
	EventID   string `json:"webhookEventId"`
	ChannelID string `json:"channelId"`
	Type      string `json:"type"`
	// Status is waiting, delivered, failed, or skipped (the channel took no webhooks).
	Status    string         `json:"status"`
	CreatedAt string         `json:"createdAt"` // RFC 3339
	Event     jsontext.Value `json:"event"`     // as it was emitted
	Attempts  []LogAttempt   `json:"attempts"`
}

// LogAttempt is one delivery attempt.
type LogAttempt struct {
	Attempt      int    `json:"attempt"` // from 1
	StartedAt    string `json:"startedAt"`
	EndedAt      string `json:"endedAt,omitzero"` // left out while it is under way
	URL          string `json:"url"`
	IsRedelivery bool   `json:"isRedelivery"`
	// Status is that of the bot's answer, 0 without one.
	Status int `json:"status"`
	// Reason is ok or one of the platform's four error reasons, with its detail.
	Reason string `json:"reason,omitzero"`
	Detail string `json:"detail,omitzero"`
	// Latency is how long the bot took, in milliseconds of real time.
	Latency  int64   `json:"latency"`
	Request  record  `json:"request"`
	Response *record `json:"response,omitzero"` // its body is cut at 4 KiB
}

const (
	logMost, logUsual = 1000, 50
	logAll            = `SELECT no, event_id, channel_id, type, status, created_at, body FROM webhook_events WHERE no < $1 ORDER BY no DESC LIMIT $2`
	logChannel        = `SELECT no, event_id, channel_id, type, status, created_at, body FROM webhook_events
		WHERE no < $1 AND channel_id = $3 ORDER BY no DESC LIMIT $2`
	logAttempts = `SELECT n, started_at, ended_at, url, redelivery, status, reason, detail, milliseconds, request, response
		FROM webhook_attempts WHERE event_no = $1 ORDER BY n`
)

// Log reads a page of the delivery log. A limit or cursor that cannot be is an
// *api.Error, Invalid.
func (r *Room) Log(ctx context.Context, q LogQuery) (LogPage, error) {
	before := int64(math.MaxInt64)
	if q.Cursor != "" {
		var err error
		if before, err = strconv.ParseInt(q.Cursor, 36, 64); err != nil || before <= 0 {
			return LogPage{}, api.Errorf(api.Invalid, "cursor is not one that this log gave")
		}
	}
	if q.Limit == 0 {
		q.Limit = logUsual
	}
	if q.Limit < 1 || q.Limit > logMost {
		return LogPage{}, api.Errorf(api.Invalid, "limit must be between 1 and %d", logMost)
	}
	query, args := logAll, []any{before, q.Limit + 1}
	if q.ChannelID != "" {
		query, args = logChannel, append(args, q.ChannelID)
	}
	page := LogPage{Webhooks: []LogEntry{}}
	err := r.db.View(ctx, func(tx *store.Tx) error {
		rows, err := readRows(tx, query, args)
		if err != nil {
			return err
		}
		if len(rows) > q.Limit {
			rows = rows[:q.Limit]
			page.NextCursor = strconv.FormatInt(rows[q.Limit-1].no, 36)
		}
		for _, row := range rows {
			if row.Attempts, err = row.readAttempts(tx); err != nil {
				return err
			}
			page.Webhooks = append(page.Webhooks, row.LogEntry)
		}
		return nil
	})
	return page, err
}

// row is an event with what its attempts are made up from.
type row struct {
	LogEntry
	no   int64
	body string
}

func readRows(tx *store.Tx, query string, args []any) ([]row, error) {
	var rows []row
	err := tx.Each(query, args, func(scan func(...any) error) error {
		var e row
		var created int64
		if err := scan(&e.no, &e.EventID, &e.ChannelID, &e.Type, &e.Status, &created, &e.body); err != nil {
			return err
		}
		e.CreatedAt = stamp(created)
		var body struct {
			Events []jsontext.Value `json:"events"`
		}
		if err := json.Unmarshal([]byte(e.body), &body); err != nil {
			return err
		}
		e.Event = body.Events[0]
		rows = append(rows, e)
		return nil
	})
	return rows, err
}

func (e *row) readAttempts(tx *store.Tx) ([]LogAttempt, error) {
	list := []LogAttempt{}
	err := tx.Each(logAttempts, []any{e.no}, func(scan func(...any) error) error {
		var a LogAttempt
		var started, ended, redelivery int64
		var request, response string
		err := scan(&a.Attempt, &started, &ended, &a.URL, &redelivery, &a.Status, &a.Reason, &a.Detail, &a.Latency, &request, &response)
		if err != nil {
			return err
		}
		a.StartedAt, a.IsRedelivery = stamp(started), redelivery == 1
		if ended > 0 {
			a.EndedAt = stamp(ended)
		}
		if err := json.Unmarshal([]byte(request), &a.Request); err != nil {
			return err
		}
		a.Request.Body = e.body
		if a.IsRedelivery {
			a.Request.Body = redelivered(e.body)
		}
		if response != "" {
			if err := json.Unmarshal([]byte(response), &a.Response); err != nil {
				return err
			}
		}
		list = append(list, a)
		return nil
	})
	return list, err
}

// stamp is a stored time as RFC 3339 with milliseconds.
func stamp(ms int64) string { return millis(ms).Format("2006-01-02T15:04:05.000Z07:00") }
