package sim

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/miniapp"
)

// ChatView is a chat in a person's list.
type ChatView struct {
	ID          string       `json:"id"`
	Type        string       `json:"type"` // account, group or room
	Name        string       `json:"name"`
	PictureURL  string       `json:"pictureUrl,omitzero"`
	UnreadCount int          `json:"unreadCount"`
	LastMessage *MessageView `json:"lastMessage,omitzero"`
	// RichMenu is the one that the chat now shows.
	RichMenu *MenuView `json:"richMenu,omitzero"`
	// LoadingUntil is until when the account shows its loading animation to who
	// has the chat open; left out while it shows none.
	LoadingUntil *time.Time `json:"loadingUntil,omitzero"`
}

// Party is who says something.
type Party struct {
	Type    string `json:"type"` // person or account
	ID      string `json:"id"`
	Name    string `json:"name"`
	IconURL string `json:"iconUrl,omitzero"`
}

// MessageView is a message as a person sees it.
type MessageView struct {
	ID      string         `json:"id"`
	From    Party          `json:"from"`
	SentAt  time.Time      `json:"sentAt"`
	Message jsontext.Value `json:"message,omitzero"`
	Read    bool           `json:"read"`
	// Silent messages came without a notification.
	Silent   bool       `json:"notificationDisabled,omitzero"`
	UnsentAt *time.Time `json:"unsentAt,omitzero"`
	// EditedAt is when its sender last changed the text.
	EditedAt *time.Time `json:"editedAt,omitzero"`
}

// Chats lists a person's chats, last spoken first.
func (r *Room) Chats(ctx context.Context, userID string) ([]ChatView, error) {
	list := []ChatView{}
	err := r.DB.View(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		summaries, err := r.Talk.Summaries(tx, p)
		if err != nil {
			return err
		}
		for _, s := range summaries {
			v := ChatView{ID: r.Talk.Path(s.Chat), Type: s.Chat.Kind, Name: s.Chat.Name, PictureURL: s.Chat.PictureURL, UnreadCount: s.Unread}
			if s.Chat.Kind == chat.User {
				v.Type, v.Name, v.PictureURL = "account", s.Channel.Account.DisplayName, s.Channel.Account.PictureURL
				m, err := r.RichMenus.Shown(tx, s.Channel, p)
				if err != nil {
					return err
				}
				v.RichMenu = menuView(m)
				until, err := r.Presence.LoadingUntil(tx, s.Channel, p)
				if err != nil {
					return err
				}
				if !until.IsZero() {
					v.LoadingUntil = &until
				}
			}
			if s.Last != nil {
				last, err := r.messageView(tx, p, *s.Last)
				if err != nil {
					return err
				}
				v.LastMessage = &last
			}
			list = append(list, v)
		}
		list, err = r.withNotices(tx, p, list)
		return err
	})
	return list, err
}

// Messages are the newest messages of a chat before a message id ("": the
// end), oldest first; limit is 1 to 100, 0 means 50.
func (r *Room) Messages(ctx context.Context, userID, chatID string, limit int, before string) ([]MessageView, error) {
	if limit == 0 {
		limit = 50
	}
	if limit < 1 || limit > 100 {
		return nil, api.Errorf(api.Invalid, "limit: 1 to 100")
	}
	list := []MessageView{}
	err := r.DB.View(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		if region, ok := miniapp.NoticeRegion(chatID); ok {
			list, err = r.notices(tx, p, region, limit, before)
			return err
		}
		c, err := r.chatOf(tx, p, chatID, false)
		if err != nil {
			return err
		}
		lines, err := r.Talk.Lines(tx, p, c, limit, before)
		if errors.Is(err, store.ErrNotFound) {
			return api.Errorf(api.Invalid, "before: there is no message %s", before)
		}
		if err != nil {
			return err
		}
		for _, l := range lines {
			v, err := r.messageView(tx, p, l)
			if err != nil {
				return err
			}
			list = append(list, v)
		}
		return nil
	})
	return list, err
}

func (r *Room) messageView(tx *store.Tx, p *friend.Person, l chat.Line) (MessageView, error) {
	v := MessageView{ID: strconv.FormatInt(l.ID, 10), SentAt: time.UnixMilli(l.SentAt).UTC(), Message: l.Body, Read: l.Read, Silent: l.Silent}
	if l.UnsentAt != 0 {
		t := time.UnixMilli(l.UnsentAt).UTC()
		v.UnsentAt, v.Message = &t, nil
	} else if l.EditedAt != 0 {
		t := time.UnixMilli(l.EditedAt).UTC()
		v.EditedAt = &t
	}
	if l.SenderNo < 0 {
		ch, err := r.Talk.Account(-l.SenderNo)
		if err != nil {
			return v, err
		}
		v.From = accountParty(ch, v.Message)
		return v, nil
	}
	from := p
	if l.SenderNo != p.No {
		var err error
		if from, err = r.Friends.ByNo(tx, l.SenderNo); err != nil {
			return v, err
		}
	}
	v.From = Party{Type: "person", ID: from.UserID, Name: from.Profile.DisplayName, IconURL: from.Profile.PictureURL}
	return v, nil
}

// accountParty is the account, under the name and icon that its message gives itself.
// https://developers.line.biz/en/reference/messaging-api/#icon-nickname-switch
func accountParty(ch *channel.Channel, message jsontext.Value) Party {
	p := Party{Type: "account", ID: ch.ID, Name: ch.Account.DisplayName, IconURL: ch.Account.PictureURL}
	var v struct {
		Sender struct {
			Name    string `json:"name"`
			IconURL string `json:"iconUrl"`
		} `json:"sender"`
	}
	if len(message) > 0 && json.Unmarshal(message, &v) == nil {
		p.Name, p.IconURL = cmp.Or(v.Sender.Name, p.Name), cmp.Or(v.Sender.IconURL, p.IconURL)
	}
	return p
}

func (r *Room) getChats(c *api.Call) (any, error) {
	list, err := r.Chats(c, c.Path("userId"))
	return map[string][]ChatView{"chats": list}, err
}

func (r *Room) getMessages(c *api.Call) (any, error) {
	limit, ok := c.QueryInt("limit")
	if !ok || c.Query().Get("limit") == "0" {
		return nil, api.Errorf(api.Invalid, "limit: 1 to 100")
	}
	list, err := r.Messages(c, c.Path("userId"), c.Path("chatId"), int(limit), c.Query().Get("before"))
	return map[string][]MessageView{"messages": list}, err
}

// getContent gives the file of a message in a chat of the person's.
func (r *Room) getContent(c *api.Call) (any, error) {
	content, err := r.content(c)
	if err != nil {
		return nil, err
	}
	return api.Binary{Type: content.Mime, Length: content.Length, FileName: content.FileName, Body: r.Talk.Reader(c, content.MessageID)}, nil
}

func (r *Room) getPreview(c *api.Call) (any, error) {
	content, err := r.content(c)
	if err != nil {
		return nil, err
	}
	if content.Preview == nil {
		return nil, api.Errorf(api.NotFound, "this message has no preview")
	}
	return api.Binary{Type: content.PreviewMime, Length: int64(len(content.Preview)), Body: bytes.NewReader(content.Preview)}, nil
}

func (r *Room) content(c *api.Call) (content chat.Content, err error) {
	err = r.DB.View(c, func(tx *store.Tx) error {
		p, err := r.person(tx, c.Path("userId"))
		if err != nil {
			return err
		}
		in, err := r.chatOf(tx, p, c.Path("chatId"), false)
		if err != nil {
			return err
		}
		_, err = r.Talk.Seen(tx, p, in, c.Path("messageId"))
		return err
	})
	if err == nil {
		var id int64
		if id, err = strconv.ParseInt(c.Path("messageId"), 10, 64); err == nil {
			content, err = r.Talk.Content(c, id)
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		err = api.Errorf(api.NotFound, "there is no such file in this chat")
	}
	return content, err
}
