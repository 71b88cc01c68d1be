package chat

import (
	"strconv"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/webhook"
)

// Edit has a person change a text that they sent in a group. All there see the
// new text under the old id, and the accounts get a messageEdited event. What
// the text quotes stays; whom it mentions is said anew.
// https://developers.line.biz/en/reference/messaging-api/#edit-event
func (r *Room) Edit(tx *store.Tx, p *friend.Person, messageID string, to Utterance) ([]string, error) {
	m, err := r.message(tx, messageID)
	if err != nil || m.senderNo != p.No {
		return nil, api.Errorf(api.NotFound, "messageId: %s sent no message %s", p.UserID, messageID)
	}
	c, err := r.ByNo(tx, m.chatNo)
	if err != nil {
		return nil, err
	}
	switch {
	case m.unsentAt != 0:
		return nil, api.Errorf(api.Conflict, "messageId: %s is unsent", messageID)
	case m.kind != "text":
		return nil, api.Errorf(api.Conflict, "messageId: %s is no text", messageID)
	case c.Kind != Group: // the platform has edit events of groups only
		return nil, api.Errorf(api.Conflict, "messageId: %s is in no group; only texts in groups can be edited", messageID)
	}
	accounts, users, err := r.hearers(tx, p, c)
	if err != nil {
		return nil, err
	}
	var was Utterance
	if err := json.Unmarshal([]byte(m.body), &was); err != nil {
		return nil, err
	}
	to.Type, to.QuotedMessageID = was.Type, was.QuotedMessageID
	if err := to.Prepare(); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE messages SET body = $2, edited_at = $3 WHERE id = $1`, m.id, string(to.body(nil)), tx.Millis()); err != nil {
		return nil, err
	}
	tx.After(func() {
		r.feed.Publish(feed.Change{Type: "edit", UserIDs: users, ChatID: r.Path(c), Data: Said{[]string{messageID}}})
	})
	edit, ids := r.NextID(tx), []string{}
	for _, ch := range accounts {
		head := []api.Member{{Name: "id", Value: strconv.FormatInt(m.id, 10)}, {Name: "quoteToken", Value: EditedQuoteToken(ch, m.id, edit)}}
		more, err := r.emit(tx, ch, webhook.Event{Type: "messageEdited", Source: c.Source(p.UserID), Replyable: true, ChatNo: c.No, Lane: lane(c),
			Members: []api.Member{{Name: "message", Value: to.body(ch, head...)}}})
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	return ids, nil
}
