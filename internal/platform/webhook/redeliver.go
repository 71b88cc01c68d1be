package webhook

import (
	"context"
	"errors"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
)

// pauses are the waits after the first, second, ... failure. The platform keeps
// its own secret and says "a certain period"; ours end within redeliverMost.
// https://developers.line.biz/en/docs/messaging-api/receiving-messages/#redelivery-webhooks
var pauses = [...]time.Duration{10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute}

// redeliverMost is when the last redelivery has been made, counted from the first attempt.
const redeliverMost = 10 * time.Minute

// redeliverAt says when an event goes out again whose attempt of that number
// (from 1) has just failed; false: never again. first is when the first attempt
// was made. A schedule that slow attempts have stretched is pulled in; one that
// the server itself slept through keeps its plain pauses.
func redeliverAt(attempt int, first, now time.Time) (time.Time, bool) {
	if attempt > len(pauses) {
		return time.Time{}, false
	}
	at, end := now.Add(pauses[attempt-1]), first.Add(redeliverMost)
	if at.After(end) && end.After(now) {
		at = end
	}
	return at, true
}

const eventByID = `SELECT no, channel_id FROM webhook_events WHERE event_id = $1`

// Redeliver sends an event again by hand, whatever came of it before, once. The
// error is an *api.Error: NotFound for an unknown id, Conflict where the channel
// takes no webhooks.
func (r *Room) Redeliver(ctx context.Context, eventID string) error {
	return r.db.Update(ctx, func(tx *store.Tx) error {
		var no int64
		var channelID string
		err := tx.Row(eventByID, []any{eventID}, &no, &channelID)
		if errors.Is(err, store.ErrNotFound) {
			return api.Errorf(api.NotFound, "No webhook event has the id %s", eventID)
		}
		if err != nil {
			return err
		}
		if r.target(r.channels.Get(channelID)) == "" {
			return api.Errorf(api.Conflict, "Channel %s takes no webhooks: it has no endpoint, or the use of webhooks is off", channelID)
		}
		// A lane of its own: it must not wait for the chat's later events.
		return r.queue.Put(tx, outbox.Item{Kind: kind, Group: channelID, Lane: eventID, Payload: payload{no: no, byHand: true}.String()})
	})
}

const abandonAttempt = `UPDATE webhook_attempts SET ended_at = $3, reason = $4, detail = $5 WHERE event_no = $1 AND n = $2 AND ended_at = 0`

// interrupted settles an item that was under way when the last process died.
// Its bot may or may not have got the event, so that it goes out again, at once
// and marked as a redelivery, where the channel wants redelivery, and nowhere else.
func (r *Room) interrupted(tx *store.Tx, item outbox.Item) (outbox.Outcome, error) {
	a := &attempt{payload: read(item.Payload)}
	var channelID, body string
	var created int64
	err := tx.Row(readEvent, []any{a.no}, &a.eventID, &channelID, &body, &created, &a.status, &a.token)
	if errors.Is(err, store.ErrNotFound) {
		return outbox.Outcome{}, nil
	}
	if err != nil {
		return outbox.Outcome{}, err
	}
	if err := a.recall(tx); err != nil {
		return outbox.Outcome{}, err
	}
	a.n-- // the attempt in question
	abandoned, err := tx.Exec(abandonAttempt, a.no, a.n, tx.Millis(), unclassified, dispatchError)
	if err != nil {
		return outbox.Outcome{}, err
	}
	a.ch = r.channels.Get(channelID)
	if abandoned == 0 || a.ch == nil {
		return outbox.Outcome{Retry: tx.Now}, nil // claimed, but there was nothing to send
	}
	out, status := r.next(a, false, tx.Now)
	if !out.Retry.IsZero() {
		out.Retry = tx.Now // it was this server that failed, so there is no receiver to spare
	}
	if _, err := tx.Exec(setStatus, a.no, status); err != nil {
		return outbox.Outcome{}, err
	}
	r.tell(tx, a, unclassified, status)
	return out, nil
}
