package richmenu

import (
	"errors"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// Shown is the menu in the person's chat with the account, nil if there is
// none: a friend's own, else the default. Strangers and those who blocked the
// account see the default.
// https://developers.line.biz/en/docs/messaging-api/rich-menus-overview/#rich-menu-display
func (r *Room) Shown(tx *store.Tx, ch *channel.Channel, p *friend.Person) (*Menu, error) {
	f, err := r.friends.Friendship(tx, ch, p)
	if err != nil {
		return nil, err
	}
	if f.State == friend.Friend {
		if m, err := own(tx, ch, p); !errors.Is(err, store.ErrNotFound) {
			return m, err
		}
	}
	m, err := defaultMenu(tx, ch)
	return m, notFoundIsNil(err)
}

// Status is what came of a switch of menus, as the webhook tells it.
// https://developers.line.biz/en/reference/messaging-api/#postback-params-object-for-richmenu-switch-action
type Status string

// The statuses.
const (
	Success       Status = "SUCCESS"
	AliasNotFound Status = "RICHMENU_ALIAS_ID_NOTFOUND"
	MenuNotFound  Status = "RICHMENU_NOTFOUND"
	Failed        Status = "FAILED" // the person is no friend, so that no menu can be linked
)

// Switch makes the menu that an alias names the person's own, as a tap on a
// richmenuswitch action does.
func (r *Room) Switch(tx *store.Tx, ch *channel.Channel, p *friend.Person, alias string) (Status, error) {
	richMenuID, err := aliased(tx, ch, alias)
	if err != nil {
		return AliasNotFound, notFoundIsNil(err)
	}
	m, err := usable(tx, ch, richMenuID)
	if err != nil {
		return MenuNotFound, notFoundIsNil(err)
	}
	f, err := r.friends.Friendship(tx, ch, p)
	if err != nil || f.State != friend.Friend {
		return Failed, err
	}
	if err := r.link(tx, ch, p, m, Change{Switched: true}); err != nil {
		return Failed, err
	}
	return Success, r.Viewed(tx, ch, p, m)
}

// openSpan is how long a chat counts as open after somebody looked at it or
// tapped there.
const openSpan = 5 * time.Minute

// Viewed notes that the person has the menu open before them. It is counted
// once for each time that they open the chat or come to another menu.
func (r *Room) Viewed(tx *store.Tx, ch *channel.Channel, p *friend.Person, m *Menu) error {
	var last, at int64
	err := tx.Row(`SELECT menu_no, seen_at FROM rich_menu_views WHERE channel_no = $1 AND person_no = $2`, []any{ch.No, p.No}, &last, &at)
	if notFoundIsNil(err) != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO rich_menu_views (channel_no, person_no, menu_no, seen_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (channel_no, person_no) DO UPDATE SET menu_no = excluded.menu_no, seen_at = excluded.seen_at`, ch.No, p.No, m.No, tx.Millis())
	if err != nil || last == m.No && tx.Millis()-at < openSpan.Milliseconds() {
		return err
	}
	return count(tx, p, m, impression)
}

// Clicked counts a tap on an area, and what one must have seen to do so.
func (r *Room) Clicked(tx *store.Tx, ch *channel.Channel, p *friend.Person, m *Menu, area int) error {
	if err := r.Viewed(tx, ch, p, m); err != nil {
		return err
	}
	return count(tx, p, m, int64(area))
}

// impression stands for an area in the counts of menus being shown.
const impression = -1

func count(tx *store.Tx, p *friend.Person, m *Menu, area int64) error {
	_, err := tx.Exec(`INSERT INTO rich_menu_counts (menu_no, day, area, person_no, times) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (menu_no, day, area, person_no) DO UPDATE SET times = rich_menu_counts.times + 1`, m.No, dayOf(tx.Now), area, p.No)
	return err
}
