package richmenu

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// bulkKind names the outbox items of bulk changes.
const bulkKind = "richMenuBulk"

// usersMost is how many people one bulk request names.
const usersMost = 500

// errMissing is what bulk operations say of a menu that is not there.
var errMissing = &api.Error{Code: api.NotFound, Message: "richmenu not found", EmptyDetails: true}

type bulkBody struct {
	RichMenuID string   `json:"richMenuId"`
	UserIDs    []string `json:"userIds"`
}

// bulk is an accepted request, as the outbox keeps it; the item's group is the channel.
type bulk struct {
	// Since orders it among the changes of links: what was linked after the
	// request was accepted stays.
	Since   int64    `json:"since"`
	MenuNo  int64    `json:"menuNo"` // 0 unlinks
	UserIDs []string `json:"userIds"`
}

// linkUsers links a menu to up to 500 people, a moment later: 202. 400 for
// malformed ids and a menu without a picture, 404 for no menu.
// https://developers.line.biz/en/reference/messaging-api/#link-rich-menu-to-users
func (r *Room) linkUsers(c *api.Call, in bulkBody) (any, error) {
	if err := in.check(true); err != nil {
		return nil, err
	}
	return r.accepted(c, in, func(tx *store.Tx, b *bulk) error {
		m, err := usable(tx, channel.Caller(c), in.RichMenuID)
		if err == nil {
			b.MenuNo = m.No
		}
		return orElse(err, errMissing)
	})
}

// unlinkUsers takes their own menus away from up to 500 people, a moment later: 202.
// https://developers.line.biz/en/reference/messaging-api/#unlink-rich-menus-from-users
func (r *Room) unlinkUsers(c *api.Call, in bulkBody) (any, error) {
	if err := in.check(false); err != nil {
		return nil, err
	}
	return r.accepted(c, in, func(*store.Tx, *bulk) error { return nil })
}

// check: a malformed user id is told alone, before all else that is wrong.
func (in bulkBody) check(links bool) error {
	for i, userID := range in.UserIDs {
		if !friend.UserID.MatchString(userID) {
			return api.Errorf(api.Invalid, "The property, 'userIds[%d]', in the request body is invalid (line: -, column: -)", i)
		}
	}
	var wrong problems
	if links {
		wrong.menuID(in.RichMenuID, "richMenuId")
	}
	if n := len(in.UserIDs); n < 1 || n > usersMost {
		wrong.add("userIds", "Size must be between 1 and %d", usersMost)
	}
	return wrong.refusal(api.Invalid)
}

// problems gathers what is wrong with a body.
type problems []api.Detail

func (p *problems) add(property, message string, args ...any) {
	*p = append(*p, api.Detail{Message: fmt.Sprintf(message, args...), Property: property})
}

// menuID notes a rich menu id of a wrong form.
func (p *problems) menuID(richMenuID, property string) {
	if !menuID.MatchString(richMenuID) {
		p.add(property, "invalid richMenuId")
	}
}

// refusal is nil when nothing is wrong.
func (p problems) refusal(code api.Code) error {
	if len(p) == 0 {
		return nil
	}
	return &api.Error{Code: code, Message: fmt.Sprintf("The request body has %d error(s)", len(p)), Details: p}
}

// accepted promises a bulk change that complete finds nothing wrong with.
func (r *Room) accepted(c *api.Call, in bulkBody, complete func(*store.Tx, *bulk) error) (any, error) {
	ch := channel.Caller(c)
	err := r.db.Update(c, func(tx *store.Tx) error {
		b := bulk{Since: r.ids.Next(tx.Now), UserIDs: in.UserIDs}
		if err := complete(tx, &b); err != nil {
			return err
		}
		payload, err := json.Marshal(b)
		if err != nil {
			return err
		}
		return r.queue.Put(tx, outbox.Item{Kind: bulkKind, Group: ch.ID, Payload: string(payload)})
	})
	return api.Status{Code: 202, Body: api.Object{}}, err
}

// runBulk does all of a request in one transaction.
func (r *Room) runBulk(_ context.Context, item outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
	return func(tx *store.Tx) (outbox.Outcome, error) {
		var b bulk
		if err := json.Unmarshal([]byte(item.Payload), &b); err != nil {
			return outbox.Outcome{Bury: err.Error()}, nil
		}
		ch := r.channels.Get(item.Group)
		if ch == nil { // a reset came between
			return outbox.Outcome{}, nil
		}
		return outbox.Outcome{}, r.applyBulk(tx, ch, b)
	}
}

func (r *Room) applyBulk(tx *store.Tx, ch *channel.Channel, b bulk) error {
	if b.MenuNo != 0 {
		if _, err := byNo(tx, b.MenuNo); err != nil {
			return notFoundIsNil(err) // deleted meanwhile
		}
	}
	var touched []string
	for _, userID := range b.UserIDs {
		p, err := r.befriended(tx, ch, userID)
		if err != nil {
			return err
		}
		if p == nil {
			continue
		}
		var n int64
		if b.MenuNo == 0 {
			n, err = tx.Exec(`DELETE FROM rich_menu_links WHERE channel_no = $1 AND person_no = $2 AND since < $3`, ch.No, p.No, b.Since)
		} else {
			n, err = tx.Exec(`INSERT INTO rich_menu_links (channel_no, person_no, menu_no, since) VALUES ($1, $2, $3, $4)
				ON CONFLICT (channel_no, person_no) DO UPDATE SET menu_no = excluded.menu_no, since = excluded.since
				WHERE rich_menu_links.since < excluded.since`, ch.No, p.No, b.MenuNo, b.Since)
		}
		if err != nil {
			return err
		}
		if n > 0 {
			touched = append(touched, userID)
		}
	}
	if touched != nil {
		r.changed(tx, ch, Change{}, touched...)
	}
	return nil
}
