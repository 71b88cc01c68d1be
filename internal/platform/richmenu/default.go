package richmenu

import (
	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

var errNoDefault = &api.Error{Code: api.NotFound, Message: "no default richmenu", EmptyDetails: true}

// setDefault shows a menu to all who have none of their own: 400 for one
// without a picture, 404.
// https://developers.line.biz/en/reference/messaging-api/#set-default-rich-menu
func (r *Room) setDefault(c *api.Call) (any, error) {
	ch := channel.Caller(c)
	err := r.db.Update(c, func(tx *store.Tx) error {
		m, err := usable(tx, ch, c.Path("richMenuId"))
		if err != nil {
			return orElse(err, errNotFound)
		}
		_, err = tx.Exec(`INSERT INTO rich_menu_defaults (channel_no, menu_no) VALUES ($1, $2)
			ON CONFLICT (channel_no) DO UPDATE SET menu_no = excluded.menu_no`, ch.No, m.No)
		r.changed(tx, ch, Change{})
		return err
	})
	return api.Object{}, err
}

// getDefault names the default menu; 404 when there is none.
// https://developers.line.biz/en/reference/messaging-api/#get-default-rich-menu-id
func (r *Room) getDefault(c *api.Call) (any, error) {
	var a idAnswer
	err := r.db.View(c, func(tx *store.Tx) error {
		m, err := defaultMenu(tx, channel.Caller(c))
		if err == nil {
			a.RichMenuID = m.ID
		}
		return orElse(err, errNoDefault)
	})
	return a, err
}

// defaultMenu is the account's; store.ErrNotFound when it has none, or one that was deleted.
func defaultMenu(tx *store.Tx, ch *channel.Channel) (*Menu, error) {
	return read(tx, ` JOIN rich_menu_defaults d ON d.menu_no = m.no WHERE d.channel_no = $1`, ch.No)
}

// cancelDefault takes the default away; 200 when there was none, too.
// https://developers.line.biz/en/reference/messaging-api/#clear-default-rich-menu
func (r *Room) cancelDefault(c *api.Call) (any, error) {
	ch := channel.Caller(c)
	err := r.db.Update(c, func(tx *store.Tx) error {
		n, err := tx.Exec(`DELETE FROM rich_menu_defaults WHERE channel_no = $1`, ch.No)
		if n > 0 {
			r.changed(tx, ch, Change{})
		}
		return err
	})
	return api.Object{}, err
}
