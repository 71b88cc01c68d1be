package richmenu

import (
	"errors"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

var errNoMenu = &api.Error{Code: api.NotFound, Message: "the user has no richmenu", EmptyDetails: true}

// linkUser gives a friend a menu of their own: 400 for a malformed user id or
// a menu without a picture, 404 for no menu. For others than friends it does
// nothing and answers the same.
// https://developers.line.biz/en/reference/messaging-api/#link-rich-menu-to-user
func (r *Room) linkUser(c *api.Call) (any, error) {
	return r.ofUser(c, func(tx *store.Tx, ch *channel.Channel, userID string) error {
		m, err := usable(tx, ch, c.Path("richMenuId"))
		if err != nil {
			return orElse(err, errNotFound)
		}
		p, err := r.befriended(tx, ch, userID)
		if err != nil || p == nil {
			return err
		}
		return r.link(tx, ch, p, m, Change{})
	})
}

// unlinkUser takes a friend's own menu away; 400 for a malformed user id.
// https://developers.line.biz/en/reference/messaging-api/#unlink-rich-menu-from-user
func (r *Room) unlinkUser(c *api.Call) (any, error) {
	return r.ofUser(c, func(tx *store.Tx, ch *channel.Channel, userID string) error {
		p, err := r.befriended(tx, ch, userID)
		if err != nil || p == nil {
			return err
		}
		n, err := tx.Exec(`DELETE FROM rich_menu_links WHERE channel_no = $1 AND person_no = $2`, ch.No, p.No)
		if n > 0 {
			r.changed(tx, ch, Change{}, userID)
		}
		return err
	})
}

// ofUser runs a change that names its user in the path.
func (r *Room) ofUser(c *api.Call, do func(*store.Tx, *channel.Channel, string) error) (any, error) {
	userID := c.Path("userId")
	if !friend.UserID.MatchString(userID) {
		return nil, friend.InvalidParameter("userId")
	}
	return api.Object{}, r.db.Update(c, func(tx *store.Tx) error { return do(tx, channel.Caller(c), userID) })
}

// getUser names a friend's own menu, not the default: 400 for a malformed user
// id, 404 for who has none.
// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-id-of-user
func (r *Room) getUser(c *api.Call) (any, error) {
	ch, userID := channel.Caller(c), c.Path("userId")
	if !friend.UserID.MatchString(userID) {
		return nil, friend.InvalidParameter("userId")
	}
	var a idAnswer
	err := r.db.View(c, func(tx *store.Tx) error {
		p, err := r.befriended(tx, ch, userID)
		if err == nil && p == nil {
			err = store.ErrNotFound
		}
		if err == nil {
			var m *Menu
			if m, err = own(tx, ch, p); err == nil {
				a.RichMenuID = m.ID
			}
		}
		return orElse(err, errNoMenu)
	})
	return a, err
}

// befriended is the friend of that user id, nil for all whom no menu can be
// linked to: strangers, those who blocked the account, unknown ids.
func (r *Room) befriended(tx *store.Tx, ch *channel.Channel, userID string) (*friend.Person, error) {
	p, err := r.friends.Resolve(tx, userID)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.Provider != ch.Provider {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f, err := r.friends.Friendship(tx, ch, p)
	if err != nil || f.State != friend.Friend {
		return nil, err
	}
	return p, nil
}

// own is the menu that is linked to the person; store.ErrNotFound when none is,
// or one that was deleted.
func own(tx *store.Tx, ch *channel.Channel, p *friend.Person) (*Menu, error) {
	return read(tx, ` JOIN rich_menu_links l ON l.menu_no = m.no WHERE l.channel_no = $1 AND l.person_no = $2`, ch.No, p.No)
}

// link gives a friend a menu now.
func (r *Room) link(tx *store.Tx, ch *channel.Channel, p *friend.Person, m *Menu, what Change) error {
	_, err := tx.Exec(`INSERT INTO rich_menu_links (channel_no, person_no, menu_no, since) VALUES ($1, $2, $3, $4)
		ON CONFLICT (channel_no, person_no) DO UPDATE SET menu_no = excluded.menu_no, since = excluded.since`, ch.No, p.No, m.No, r.ids.Next(tx.Now))
	r.changed(tx, ch, what, p.UserID)
	return err
}
