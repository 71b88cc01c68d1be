package message

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

// retryKeyLife is how long an accepted request answers for its retry key.
// https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
const retryKeyLife = 24 * time.Hour

// RetryKey is the header; an empty one counts as absent, as the Go SDK sends it.
const RetryKey = "X-Line-Retry-Key"

// CheckRetryKey refuses a retry key where none is taken, and one that is no
// UUID; it is the family's check of every call.
func CheckRetryKey(c *api.Call) error {
	v := c.Header(RetryKey)
	if v == "" {
		return nil
	}
	if !c.Op.RetryKey {
		return api.Errorf(api.Invalid, "The retry key is not supported by this API")
	}
	if _, err := uuid.Parse(v); err != nil || len(v) != 36 {
		return friend.InvalidParameter(RetryKey)
	}
	return nil
}

// once runs a send as one transaction with its retry key. A key that was
// accepted within its life answers 409 and nothing is done. Keys are per channel.
func (r *Room) once(s send, act func(tx *store.Tx) ([]int64, error)) (answer sentAnswer, err error) {
	k := strings.ToLower(s.call.Header(RetryKey))
	err = r.db.Update(s.call, func(tx *store.Tx) error {
		if k != "" {
			if err := accepted(tx, s.channel.No, k, s.origin.String()); err != nil {
				return err
			}
		}
		if err := r.offered(tx, s); err != nil {
			return err
		}
		ids, err := act(tx)
		if err != nil {
			return err
		}
		answer = s.answer(ids)
		if k == "" {
			return nil
		}
		text, err := json.Marshal(answer.SentMessages)
		if err != nil {
			return err
		}
		if s.origin.String() != "push" {
			text = nil // only push repeats its answer
		}
		_, err = tx.Exec(`INSERT INTO retry_keys (channel_no, retry_key, accepted_at, request_id, sent) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (channel_no, retry_key) DO UPDATE SET accepted_at = excluded.accepted_at, request_id = excluded.request_id, sent = excluded.sent`,
			s.channel.No, k, tx.Millis(), s.call.RequestID, string(text))
		return err
	})
	return answer, err
}

// accepted is the conflict with an accepted request of the same key, or nil.
func accepted(tx *store.Tx, channelNo int64, k, origin string) error {
	var at int64
	var requestID, text string
	err := tx.Row(`SELECT accepted_at, request_id, sent FROM retry_keys WHERE channel_no = $1 AND retry_key = $2`, []any{channelNo, k}, &at, &requestID, &text)
	if errors.Is(err, store.ErrNotFound) || err == nil && tx.Millis()-at >= retryKeyLife.Milliseconds() {
		return nil
	}
	if err != nil {
		return err
	}
	e := &api.Error{Code: api.Conflict, Message: "The retry key is already accepted",
		Header: http.Header{"x-line-accepted-request-id": {requestID}}}
	if text != "" && origin == "push" {
		e.Extra = []api.Member{{Name: "sentMessages", Value: jsontext.Value(text)}}
	}
	return e
}

// Sweep clears retry keys and narrowcasts away that answer no more.
func (r *Room) Sweep(ctx context.Context, now time.Time) error {
	return errors.Join(r.db.Sweep(ctx, `DELETE FROM narrowcasts WHERE request_id IN
		(SELECT request_id FROM narrowcasts WHERE accepted_at < $2 AND completed_at > 0 LIMIT $1)`, now.Add(-narrowcastLife).UnixMilli()),
		r.db.Sweep(ctx, `DELETE FROM retry_keys WHERE (channel_no, retry_key) IN
		(SELECT channel_no, retry_key FROM retry_keys WHERE accepted_at < $2 LIMIT $1)`, now.Add(-retryKeyLife).UnixMilli()))
}
