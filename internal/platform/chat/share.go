package chat

import (
	"strconv"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/object"
	"kaiwa/internal/platform/webhook"
)

// Share has a message object stand in a chat as said by a person: what a LIFF
// app sends in its user's name. Accounts there get a message event, but for
// templates and Flex Messages, of which the platform tells none; media come
// from where the object says, not from the platform.
// https://developers.line.biz/en/reference/liff/#send-messages
func (r *Room) Share(tx *store.Tx, p *friend.Person, c *Chat, m object.Message) (Uttered, error) {
	var out Uttered
	accounts, users, err := r.hearers(tx, p, c)
	if err != nil {
		return out, err
	}
	draft := Draft{Chat: c, SenderNo: p.No, Origin: FromUser, Type: m.Type, Body: m.Raw}
	if c.Kind == User {
		draft.AccountNo = c.ChannelNo
	}
	drafts := []Draft{draft}
	ids, err := r.Post(tx, drafts...)
	if err != nil {
		return out, err
	}
	out.MessageID = ids[0]
	for _, ch := range accounts {
		if err := r.hear(tx, ch, p, drafts[0], out.MessageID); err != nil {
			return out, err
		}
		body := shared(ch, m, out.MessageID)
		if body == nil {
			continue
		}
		ids, err := r.emit(tx, ch, webhook.Event{Type: "message", Source: c.Source(p.UserID), Replyable: true, ChatNo: c.No, Lane: lane(c),
			Members: []api.Member{{Name: "message", Value: body}}})
		if err != nil {
			return out, err
		}
		out.EventIDs = append(out.EventIDs, ids...)
	}
	tx.After(func() { r.said(r.channelOf(c), users, r.Path(c), ids) })
	return out, nil
}

// shared is the message as a webhook carries it, nil for types that it does not.
func shared(ch *channel.Channel, m object.Message, messageID int64) any {
	list := []api.Member{{Name: "type", Value: m.Type}, {Name: "id", Value: strconv.FormatInt(messageID, 10)}}
	add := func(name string, v any) { list = append(list, api.Member{Name: name, Value: v}) }
	if object.Quotable(m.Type) {
		add("quoteToken", QuoteToken(ch, messageID))
	}
	add("markAsReadToken", ReadToken(ch, messageID))
	switch m.Type {
	case "text":
		add("text", m.Text)
	case "sticker":
		add("packageId", m.PackageID)
		add("stickerId", m.StickerID)
		add("stickerResourceType", "STATIC")
	case "location":
		var at struct {
			Title     string  `json:"title"`
			Address   string  `json:"address"`
			Latitude  float64 `json:"latitude"`
			Longitude float64 `json:"longitude"`
		}
		if api.Decode(m.Raw, &at) != nil {
			return nil
		}
		add("title", at.Title)
		add("address", at.Address)
		add("latitude", at.Latitude)
		add("longitude", at.Longitude)
	case "image", "video", "audio":
		if m.Duration > 0 {
			add("duration", m.Duration)
		}
		provider := []api.Member{{Name: "type", Value: "external"}, {Name: "originalContentUrl", Value: m.ContentURL}}
		if m.PreviewURL != "" {
			provider = append(provider, api.Member{Name: "previewImageUrl", Value: m.PreviewURL})
		}
		add("contentProvider", api.Members(provider))
	default:
		return nil
	}
	return api.Members(list)
}
