package richmenu

import (
	"context"
	"regexp"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// requestID is the form of a request's id, in either case.
var requestID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// progressAnswer tells how far a batch is; completedTime is left out while it
// is ongoing.
type progressAnswer struct {
	Phase         string `json:"phase"` // ongoing, succeeded, failed
	AcceptedTime  string `json:"acceptedTime"`
	CompletedTime string `json:"completedTime,omitzero"`
}

// progress tells how far a batch of the last 14 days is: 400 for a malformed
// request id, 404 for one of no batch.
// https://developers.line.biz/en/reference/messaging-api/#get-batch-control-rich-menus-progress-status
func (r *Room) progress(c *api.Call) (any, error) {
	given := c.Query().Get("requestId")
	if !requestID.MatchString(given) {
		return nil, friend.InvalidParameter("requestId")
	}
	a := progressAnswer{Phase: "ongoing"}
	err := r.db.View(c, func(tx *store.Tx) error {
		var acceptedAt, completedAt, failed int64
		err := tx.Row(`SELECT accepted_at, completed_at, failed FROM rich_menu_batches WHERE request_id = $1 AND channel_no = $2 AND accepted_at > $3`,
			[]any{given, channel.Caller(c).No, tx.Now.Add(-batchLife).UnixMilli()}, &acceptedAt, &completedAt, &failed)
		if err != nil {
			return orElse(err, errNotFound)
		}
		a.AcceptedTime = instant(acceptedAt)
		if completedAt != 0 {
			a.Phase, a.CompletedTime = [...]string{"succeeded", "failed"}[failed], instant(completedAt)
		}
		return nil
	})
	return a, err
}

// instant is unix milliseconds as the platform writes them here.
func instant(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }

// Sweep clears batches away that nobody can ask for any more.
func (r *Room) Sweep(ctx context.Context, now time.Time) error {
	return r.db.Sweep(ctx, `DELETE FROM rich_menu_batches WHERE no IN
		(SELECT no FROM rich_menu_batches WHERE accepted_at <= $2 LIMIT $1)`, now.Add(-batchLife).UnixMilli())
}
