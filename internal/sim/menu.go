package sim

import (
	"context"
	"errors"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/miniapp"
	"kaiwa/internal/platform/richmenu"
)

// MenuView is the rich menu in a chat of a person's list.
type MenuView struct {
	RichMenuID string `json:"richMenuId"`
	Name       string `json:"name"`
	// Selected menus lie open when the chat is opened.
	Selected bool `json:"selected"`
}

func menuView(m *richmenu.Menu) *MenuView {
	if m == nil {
		return nil
	}
	return &MenuView{m.ID, m.Name, m.Selected}
}

// menuIn is the rich menu that the person has in a chat, nil for none. Groups
// and rooms have none.
func (r *Room) menuIn(tx *store.Tx, p *friend.Person, c *chat.Chat) (*channel.Channel, *richmenu.Menu, error) {
	if c.Kind != chat.User {
		return nil, nil, nil
	}
	ch, err := r.Talk.Account(c.ChannelNo)
	if err != nil {
		return nil, nil, err
	}
	m, err := r.RichMenus.Shown(tx, ch, p)
	return ch, m, err
}

// RichMenu is the rich menu in one of a person's chats, nil for none.
func (r *Room) RichMenu(ctx context.Context, userID, chatID string) (m *richmenu.Menu, err error) {
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		if _, ok := miniapp.NoticeRegion(chatID); ok {
			return nil // it has none
		}
		c, err := r.chatOf(tx, p, chatID, false)
		if err == nil {
			_, m, err = r.menuIn(tx, p, c)
		}
		return err
	})
	return m, err
}

// RichMenuPicture is the picture of a rich menu; api.NotFound.
func (r *Room) RichMenuPicture(ctx context.Context, richMenuID string) (data []byte, kind string, err error) {
	data, kind, err = r.RichMenus.Picture(ctx, richMenuID)
	if errors.Is(err, store.ErrNotFound) {
		err = api.Errorf(api.NotFound, "there is no rich menu %q with a picture", richMenuID)
	}
	return data, kind, err
}

// Look has the person open a chat, which shows them a rich menu that lies open.
func (r *Room) Look(ctx context.Context, userID, chatID string) error {
	return r.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		c, err := r.chatOf(tx, p, chatID, false)
		if err != nil {
			return err
		}
		return r.look(tx, p, c)
	})
}

func (r *Room) look(tx *store.Tx, p *friend.Person, c *chat.Chat) error {
	ch, m, err := r.menuIn(tx, p, c)
	if err != nil || m == nil || !m.Selected {
		return err
	}
	return r.RichMenus.Viewed(tx, ch, p, m)
}

// tapMenu taps an area of the rich menu that the chat now shows.
func (r *Room) tapMenu(tx *store.Tx, p *friend.Person, c *chat.Chat, in Tapping) (Tapped, error) {
	ch, m, err := r.menuIn(tx, p, c)
	if err != nil {
		return Tapped{}, err
	}
	if m == nil {
		return Tapped{}, api.Errorf(api.Conflict, "richMenuArea: no rich menu is shown in this chat")
	}
	areas, err := m.Areas()
	if err != nil {
		return Tapped{}, err
	}
	n := *in.RichMenuArea
	if n < 0 || n >= len(areas) {
		return Tapped{}, api.Errorf(api.Invalid, "richMenuArea: the rich menu %s has %d areas, counted from 0", m.ID, len(areas))
	}
	var a action
	if err := json.Unmarshal(areas[n].Action, &a); err != nil {
		return Tapped{}, err
	}
	if err := r.RichMenus.Clicked(tx, ch, p, m, n); err != nil {
		return Tapped{}, err
	}
	if a.Type == "richmenuswitch" {
		return r.switchMenu(tx, p, c, ch, a)
	}
	return r.perform(tx, p, c, ch, a, in)
}

// switchMenu gives the person the menu of an alias; the account hears of it
// whatever came of it.
func (r *Room) switchMenu(tx *store.Tx, p *friend.Person, c *chat.Chat, ch *channel.Channel, a action) (Tapped, error) {
	out := Tapped{Type: a.Type, WebhookEventIDs: []string{}}
	status, err := r.RichMenus.Switch(tx, ch, p, a.RichMenuAliasID)
	if err != nil {
		return out, err
	}
	out.Status = string(status)
	params := []api.Member{{Name: "status", Value: status}}
	if status == richmenu.Success {
		params = append([]api.Member{{Name: "newRichMenuAliasId", Value: a.RichMenuAliasID}}, params...)
	}
	return r.postback(tx, p, c, ch, a.Data, api.Members(params), out)
}
