package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// payload is what an item of the queue says: which event, and whether it was
// asked for by hand.
type payload struct {
	no     int64
	byHand bool
}

const byHand = " by hand"

func (p payload) String() string {
	s := strconv.FormatInt(p.no, 10)
	if p.byHand {
		s += byHand
	}
	return s
}

func read(s string) payload {
	number, hand := strings.CutSuffix(s, byHand)
	no, _ := strconv.ParseInt(number, 10, 64) // an unreadable one names no event
	return payload{no, hand}
}

// attempt is one delivery of one event.
type attempt struct {
	payload
	n          int
	ch         *channel.Channel
	eventID    string
	token      string
	created    time.Time
	first      time.Time // when the first attempt was made
	redelivery bool
	shipment
	// idle attempts send nothing: status is what the event is then, if anything.
	idle   bool
	status string
}

const (
	readEvent    = `SELECT event_id, channel_id, body, created_at, status, reply_token FROM webhook_events WHERE no = $1`
	readAttempts = `SELECT COUNT(*), COALESCE(MIN(started_at), 0) FROM webhook_attempts WHERE event_no = $1`
	startAttempt = `INSERT INTO webhook_attempts (event_no, n, started_at, ended_at, url, redelivery, status, reason, detail, milliseconds, request, response)
		VALUES ($1, $2, $3, 0, $4, $5, 0, '', '', 0, $6, '')`
	endAttempt = `UPDATE webhook_attempts SET ended_at = $3, status = $4, reason = $5, detail = $6, milliseconds = $7, response = $8
		WHERE event_no = $1 AND n = $2`
	// What was once delivered stays so, also when a redelivery by hand fails beside it.
	setStatus = `UPDATE webhook_events SET status = $2 WHERE no = $1 AND status <> 'delivered'`
)

// claim records the attempt that run is about to make. Once it is synced, the
// event counts as one that may have been delivered.
func (r *Room) claim(tx *store.Tx, item outbox.Item) error {
	a, err := r.prepare(tx, item)
	if err != nil {
		return err
	}
	if !a.idle {
		redelivery := 0
		if a.redelivery {
			redelivery = 1
		}
		if _, err := tx.Exec(startAttempt, a.no, a.n, tx.Millis(), a.url, redelivery, a.request()); err != nil {
			return err
		}
		if err := a.arm(tx); err != nil {
			return err
		}
	}
	tx.After(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.underway[item.ID] = a
	})
	return nil
}

// prepare reads the event and decides where it goes, by the channel's settings
// of this moment.
func (r *Room) prepare(tx *store.Tx, item outbox.Item) (*attempt, error) {
	a := &attempt{payload: read(item.Payload), n: 1, first: tx.Now}
	var channelID, body string
	var created int64
	err := tx.Row(readEvent, []any{a.no}, &a.eventID, &channelID, &body, &created, &a.status, &a.token)
	if errors.Is(err, store.ErrNotFound) {
		a.idle = true
		return a, nil
	}
	if err != nil {
		return nil, err
	}
	a.created = millis(created)
	// An item's first attempt is the event's first, unless it was asked for by hand.
	if item.Attempts > 1 || a.byHand {
		if err := a.recall(tx); err != nil {
			return nil, err
		}
	}
	a.ch = r.channels.Get(channelID)
	switch url := r.target(a.ch); {
	case a.status == delivered && !a.byHand: // by hand, meanwhile
		a.idle = true
	case url == "":
		a.idle = true
		if a.status == waiting {
			a.status = skipped
		}
	default:
		if a.redelivery {
			body = redelivered(body)
		}
		a.shipment = pack(a.ch, url, body)
	}
	return a, nil
}

// recall counts the attempts made before this one.
func (a *attempt) recall(tx *store.Tx) error {
	var made int
	var firstAt int64
	if err := tx.Row(readAttempts, []any{a.no}, &made, &firstAt); err != nil {
		return err
	}
	a.n = made + 1
	if made > 0 {
		a.redelivery, a.first = true, millis(firstAt)
	}
	return nil
}

// run makes the attempt that claim recorded.
func (r *Room) run(ctx context.Context, item outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
	r.mu.Lock()
	a := r.underway[item.ID]
	delete(r.underway, item.ID)
	r.mu.Unlock()
	if a.idle {
		return func(tx *store.Tx) (outbox.Outcome, error) {
			if a.ch != nil {
				tx.After(func() { r.publish(a.ch.ID, notice{EventID: a.eventID, Status: a.status}) })
			}
			_, err := tx.Exec(setStatus, a.no, a.status)
			return outbox.Outcome{}, err
		}
	}
	var res result
	a.delayed = func(ctx context.Context) { r.rearm(ctx, a) }
	if a.url == builtinURL {
		res = r.callBuiltin(ctx, a)
	} else {
		res = r.sender.post(ctx, a.shipment)
	}
	response := res.response()
	return func(tx *store.Tx) (outbox.Outcome, error) { return r.finish(tx, a, res, response) }
}

// finish records how an attempt ended, and what follows.
func (r *Room) finish(tx *store.Tx, a *attempt, res result, response string) (outbox.Outcome, error) {
	if _, err := tx.Exec(endAttempt, a.no, a.n, tx.Millis(), res.status, res.reason, res.detail, res.took.Milliseconds(), response); err != nil {
		return outbox.Outcome{}, err
	}
	out, status := r.next(a, res.reason == ok, tx.Now)
	if status != a.status {
		if _, err := tx.Exec(setStatus, a.no, status); err != nil {
			return outbox.Outcome{}, err
		}
	}
	r.tell(tx, a, res.reason, status)
	return out, nil
}

// next is what follows an attempt: the queue's outcome and the event's status.
func (r *Room) next(a *attempt, success bool, now time.Time) (outbox.Outcome, string) {
	if success {
		return outbox.Outcome{}, delivered
	}
	if a.byHand {
		// The event's own schedule, if one is under way, goes on as it was.
		if a.status == skipped {
			return outbox.Outcome{}, failed
		}
		return outbox.Outcome{}, a.status
	}
	if ch := r.channels.Get(a.ch.ID); ch != nil && ch.Webhook.Redelivery {
		if at, again := redeliverAt(a.n, a.first, now); again {
			return outbox.Outcome{Retry: at}, waiting
		}
	}
	return outbox.Outcome{}, failed
}

func (r *Room) tell(tx *store.Tx, a *attempt, reason, status string) {
	tx.After(func() {
		r.count(reason)
		r.publish(a.ch.ID, notice{EventID: a.eventID, Status: status, Attempt: a.n, Reason: reason})
	})
}

// callBuiltin hands an event to the built-in bot, under the same rules and faults.
func (r *Room) callBuiltin(ctx context.Context, a *attempt) (res result) {
	if res, hit := r.sender.fail(ctx, a.shipment, ""); hit {
		return res
	}
	ctx, cancel := context.WithTimeout(ctx, r.sender.span)
	defer cancel()
	start := time.Now()
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("panic in the built-in bot", "webhookEventId", a.eventID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			res = result{reason: unclassified, detail: dispatchError}
		}
		res.took = time.Since(start)
	}()
	err := r.builtin(ctx, a.ch, a.body)
	switch {
	case err == nil:
		return answered(http.StatusOK, nil, nil)
	case ctx.Err() != nil:
		return result{reason: requestTimeout, detail: timedOut}
	}
	r.log.Warn("the built-in bot failed", "webhookEventId", a.eventID, "error", err.Error())
	return result{reason: unclassified, detail: dispatchError}
}
