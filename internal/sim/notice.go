package sim

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/miniapp"
)

// Service messages of LINE MINI Apps stand in chats of their own, one for each
// region, that look like chats with an account and in which nobody answers.

// withNotices adds the person's chats of service messages to their list, where
// their last message puts them.
func (r *Room) withNotices(tx *store.Tx, p *friend.Person, list []ChatView) ([]ChatView, error) {
	chats, err := r.MiniApps.NoticeChats(tx, p)
	if err != nil || len(chats) == 0 {
		return list, err
	}
	for _, c := range chats {
		last := noticeView(c.Last)
		list = append(list, ChatView{ID: miniapp.NoticeID(c.Region), Type: "account", Name: miniapp.NoticeName(c.Region), UnreadCount: c.Unread, LastMessage: &last})
	}
	slices.SortStableFunc(list, func(a, b ChatView) int { return cmp.Compare(b.spoken(), a.spoken()) })
	return list, nil
}

// spoken is the id of the last message: ids rise with time.
func (v ChatView) spoken() int64 {
	if v.LastMessage == nil {
		return 0
	}
	id, _ := strconv.ParseInt(v.LastMessage.ID, 10, 64) // this room wrote it
	return id
}

func (r *Room) notices(tx *store.Tx, p *friend.Person, region string, limit int, before string) ([]MessageView, error) {
	var at int64
	if before != "" {
		n, err := r.MiniApps.Notice(tx, p, region, before)
		if errors.Is(err, store.ErrNotFound) {
			return nil, api.Errorf(api.Invalid, "before: there is no message %s", before)
		}
		if err != nil {
			return nil, err
		}
		at = n.ID
	}
	found, err := r.MiniApps.Notices(tx, p, region, limit, at)
	list := make([]MessageView, len(found))
	for i, n := range found {
		list[i] = noticeView(n)
	}
	return list, err
}

// noticeView is a service message, under the name and icon of its app.
func noticeView(n miniapp.Notice) MessageView {
	v := MessageView{ID: strconv.FormatInt(n.ID, 10), SentAt: time.UnixMilli(n.SentAt).UTC(), Message: n.Body, Read: n.Read}
	if n.App != nil {
		v.From = Party{Type: "account", ID: n.App.ID, Name: n.App.Name, IconURL: n.App.Config.IconURL}
	}
	return v
}

func noticeHead(region string, p *friend.Person) ChatHead {
	id := miniapp.NoticeID(region)
	return ChatHead{ChatRef: ChatRef{ChannelID: id}, ID: id, Type: "account", Name: miniapp.NoticeName(region), Members: 1, First: p.UserID}
}

// tapNotice has a person tap a button of a service message, which opens a page.
func (r *Room) tapNotice(ctx context.Context, userID, region string, in Tapping) (out Tapped, err error) {
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		n, err := r.MiniApps.Notice(tx, p, region, in.MessageID)
		if errors.Is(err, store.ErrNotFound) {
			return api.Errorf(api.NotFound, "messageId: no account's message %s in this chat", in.MessageID)
		}
		if err != nil {
			return err
		}
		raw, err := tapped(n.Body, in)
		if err != nil {
			return err
		}
		var a action
		err = json.Unmarshal(raw, &a)
		out = Tapped{Type: a.Type, WebhookEventIDs: []string{}, URI: a.URI}
		return err
	})
	return out, err
}
