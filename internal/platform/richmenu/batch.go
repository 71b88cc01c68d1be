package richmenu

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

const (
	// batchKind names the outbox items of batches.
	batchKind = "richMenuBatch"
	// batchDelay is how long a batch is seen to be under way.
	batchDelay = 3 * time.Second
	// batchLife is how long a batch's progress can be asked for and its key resumes it.
	batchLife = 14 * 24 * time.Hour
	// operationsMost is how many operations one batch has.
	operationsMost = 1000
	// batchStep is how many links one transaction of a batch changes.
	batchStep = 2000
)

// resumeKey is the form of a resumeRequestKey.
var resumeKey = regexp.MustCompile(`^[0-9a-zA-Z_-]{1,100}$`)

// operation is one change of all links to a menu.
// https://developers.line.biz/en/reference/messaging-api/#batch-control-rich-menus-of-users-operations
type operation struct {
	Type string `json:"type"` // link, unlink, unlinkAll
	From string `json:"from,omitzero"`
	To   string `json:"to,omitzero"`
}

type batchBody struct {
	Operations       []operation `json:"operations"`
	ResumeRequestKey string      `json:"resumeRequestKey"`
}

// batch changes the menus of all who are linked to one, a moment later: 202.
// Each operation sees the links as they were when the request was accepted.
// With the resumeRequestKey of a request of the last 14 days it does what is
// left of that one.
// https://developers.line.biz/en/reference/messaging-api/#batch-control-rich-menus-of-users
func (r *Room) batch(c *api.Call, in batchBody) (any, error) {
	ch := channel.Caller(c)
	if err := in.check(); err != nil {
		return nil, err
	}
	err := r.db.Update(c, func(tx *store.Tx) error {
		if err := in.fits(tx, ch); err != nil {
			return err
		}
		no := r.ids.Next(tx.Now)
		base, err := resumed(tx, ch, in.ResumeRequestKey, no)
		if err != nil {
			return err
		}
		operations, err := json.Marshal(in.Operations)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO rich_menu_batches (no, base, request_id, channel_no, resume_key, operations, accepted_at, completed_at, failed)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)`, no, base, c.RequestID, ch.No, in.ResumeRequestKey, string(operations), tx.Millis())
		if err != nil {
			return err
		}
		return r.queue.Put(tx, outbox.Item{Kind: batchKind, Group: ch.ID, Payload: c.RequestID, Due: tx.Now.Add(batchDelay)})
	})
	return api.Status{Code: 202, Body: api.Object{}}, err
}

// validateBatch says of a request what batch would.
// https://developers.line.biz/en/reference/messaging-api/#validate-batch-control-rich-menus-request
func (r *Room) validateBatch(c *api.Call, in batchBody) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	return api.Object{}, r.db.View(c, func(tx *store.Tx) error { return in.fits(tx, channel.Caller(c)) })
}

// resumed is the number of the request that the key resumes, or no itself.
func resumed(tx *store.Tx, ch *channel.Channel, key string, no int64) (base int64, err error) {
	if key == "" {
		return no, nil
	}
	err = tx.Row(`SELECT no FROM rich_menu_batches WHERE channel_no = $1 AND resume_key = $2 AND base = no AND accepted_at > $3 ORDER BY no DESC LIMIT 1`,
		[]any{ch.No, key, tx.Now.Add(-batchLife).UnixMilli()}, &base)
	if err != nil {
		return no, notFoundIsNil(err)
	}
	return base, nil
}

// check refuses what is wrong with a request in itself.
func (in batchBody) check() error {
	var wrong problems
	if n := len(in.Operations); n < 1 || n > operationsMost {
		wrong.add("operations", "Size must be between 1 and %d", operationsMost)
		return wrong.refusal(api.Invalid)
	}
	all, others := false, false
	for i, o := range in.Operations {
		path := fmt.Sprintf("operations[%d]", i)
		switch o.Type {
		case "unlinkAll":
			all = true
			continue
		case "link":
			wrong.menuID(o.From, path+".from")
			wrong.menuID(o.To, path+".to")
		case "unlink": // a "to" beside it is overlooked, as on the platform
			wrong.menuID(o.From, path+".from")
		default:
			return api.Errorf(api.Invalid, "The property, '%s.type', in the request body is invalid (line: -, column: -)", path)
		}
		others = true
	}
	if in.ResumeRequestKey != "" && !resumeKey.MatchString(in.ResumeRequestKey) {
		wrong.add("resumeRequestKey", "invalid resumeRequestKey")
	}
	if len(wrong) == 0 {
		in.together(all && others, &wrong)
	}
	return wrong.refusal(api.Invalid)
}

// together refuses what operations cannot be beside each other.
func (in batchBody) together(mixed bool, wrong *problems) {
	if mixed {
		wrong.add("operations[].type", "'unlinkAll' type can't be combined with other type")
	}
	seen := map[string]int{}
	for _, o := range in.Operations {
		if o.Type == "unlinkAll" {
			continue
		}
		if seen[o.From]++; seen[o.From] == 2 {
			wrong.add("operations[].from", "from richmenu (%s) is duplicated", short(o.From))
		}
	}
}

// short is how the platform writes a menu's id in these texts.
func short(richMenuID string) string { return richMenuID[:len("richmenu-")+6] + "..." }

// fits refuses menus that are not there, and those without a picture that
// others are to be replaced with.
func (in batchBody) fits(tx *store.Tx, ch *channel.Channel) error {
	var gone, bare problems
	for i, o := range in.Operations {
		if o.Type == "unlinkAll" {
			continue
		}
		if _, err := find(tx, ch, o.From); err != nil {
			if notFoundIsNil(err) != nil {
				return err
			}
			gone.add(fmt.Sprintf("operations[%d].from", i), "Richmenu (%s) is not found", short(o.From))
		}
		if o.Type != "link" {
			continue
		}
		m, err := find(tx, ch, o.To)
		switch {
		case notFoundIsNil(err) != nil:
			return err
		case err != nil:
			gone.add(fmt.Sprintf("operations[%d].to", i), "Richmenu (%s) is not found", short(o.To))
		case m.Mime == "":
			bare.add(fmt.Sprintf("operations[%d].to", i), "'to' richmenu (%s) must have image but it doesn't", short(o.To))
		}
	}
	if gone != nil {
		return gone.refusal(api.NotFound)
	}
	return bare.refusal(api.Invalid)
}

// work is a batch that is to be done.
type work struct {
	no, base   int64
	channel    *channel.Channel
	operations []operation
}

// runBatch does a batch in steps, each a transaction of its own. One that was
// interrupted goes on: the links that are done are newer than the request.
func (r *Room) runBatch(ctx context.Context, item outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
	failed, err := r.work(ctx, item)
	return func(tx *store.Tx) (outbox.Outcome, error) {
		if err != nil {
			return outbox.Outcome{Retry: tx.Now.Add(time.Second)}, nil
		}
		_, err := tx.Exec(`UPDATE rich_menu_batches SET completed_at = $2, failed = $3 WHERE request_id = $1`, item.Payload, tx.Millis(), failed)
		if ch := r.channels.Get(item.Group); ch != nil {
			r.changed(tx, ch, Change{})
		}
		return outbox.Outcome{}, err
	}
}

// work gives 1 when a menu was deleted before others could be replaced with it.
func (r *Room) work(ctx context.Context, item outbox.Item) (failed int64, err error) {
	w := work{channel: r.channels.Get(item.Group)}
	if w.channel == nil { // a reset came between
		return 0, nil
	}
	var operations string
	err = r.db.View(ctx, func(tx *store.Tx) error {
		return tx.Row(`SELECT no, base, operations FROM rich_menu_batches WHERE request_id = $1`, []any{item.Payload}, &w.no, &w.base, &operations)
	})
	if err != nil {
		return 0, notFoundIsNil(err)
	}
	if err := json.Unmarshal([]byte(operations), &w.operations); err != nil {
		return 0, err
	}
	for _, o := range w.operations {
		done := false
		for !done && err == nil {
			err = r.db.Update(ctx, func(tx *store.Tx) (err error) {
				var missed bool
				if done, missed, err = w.step(tx, o); missed {
					failed = 1
				}
				return err
			})
		}
		if err != nil {
			return 0, err
		}
	}
	return failed, nil
}

// step does an operation for some of those whom it concerns; done when nobody
// is left, missed when it cannot be done any more.
func (w work) step(tx *store.Tx, o operation) (done, missed bool, err error) {
	some := `(channel_no, person_no) IN (SELECT channel_no, person_no FROM rich_menu_links WHERE channel_no = $1 AND since < $2`
	var n int64
	if o.Type == "unlinkAll" {
		n, err = tx.Exec(`DELETE FROM rich_menu_links WHERE `+some+` LIMIT $3)`, w.channel.No, w.base, batchStep)
		return n < batchStep, false, err
	}
	from, err := find(tx, w.channel, o.From)
	if err != nil { // deleted meanwhile: nobody has it
		return true, false, notFoundIsNil(err)
	}
	some += ` AND menu_no = $4 LIMIT $3)`
	if o.Type == "unlink" {
		n, err = tx.Exec(`DELETE FROM rich_menu_links WHERE `+some, w.channel.No, w.base, batchStep, from.No)
		return n < batchStep, false, err
	}
	to, err := find(tx, w.channel, o.To)
	if err != nil {
		return true, true, notFoundIsNil(err)
	}
	// With the request's own number the links are out of reach of its other operations.
	n, err = tx.Exec(`UPDATE rich_menu_links SET menu_no = $5, since = $2 WHERE `+some, w.channel.No, w.base, batchStep, from.No, to.No)
	return n < batchStep, false, err
}
