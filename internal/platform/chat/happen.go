package chat

import (
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/webhook"
)

// Follow makes the person a friend, or unblocks; a follow event tells which.
// One who is a friend already stays one, and no event is sent.
// https://developers.line.biz/en/reference/messaging-api/#follow-event
func (r *Room) Follow(tx *store.Tx, ch *channel.Channel, p *friend.Person) ([]string, error) {
	before, err := r.Befriend(tx, ch, p, friend.Friend)
	if err != nil || before.State == friend.Friend {
		return nil, err
	}
	c, err := r.OneOnOne(tx, ch, p)
	if err != nil {
		return nil, err
	}
	r.befriended(tx, ch, p)
	return r.emit(tx, ch, webhook.Event{Type: "follow", Source: c.Source(p.UserID), Replyable: true, ChatNo: c.No, Lane: lane(c),
		Members: []api.Member{{Name: "follow", Value: map[string]bool{"isUnblocked": before.State == friend.Blocked}}}})
}

// Unfollow has the person block the account.
// https://developers.line.biz/en/reference/messaging-api/#unfollow-event
func (r *Room) Unfollow(tx *store.Tx, ch *channel.Channel, p *friend.Person) ([]string, error) {
	before, err := r.Befriend(tx, ch, p, friend.Blocked)
	if err != nil || before.State == friend.Blocked {
		return nil, err
	}
	c, err := r.OneOnOne(tx, ch, p)
	if err != nil {
		return nil, err
	}
	r.befriended(tx, ch, p)
	return r.emit(tx, ch, webhook.Event{Type: "unfollow", Source: c.Source(p.UserID), Lane: lane(c)})
}

// Befriend changes a friendship without an event, and says what it was before.
func (r *Room) Befriend(tx *store.Tx, ch *channel.Channel, p *friend.Person, to friend.State) (friend.Friendship, error) {
	at, err := r.turn(tx, &Chat{Kind: Many, ChannelNo: ch.No})
	if err != nil {
		return friend.Friendship{}, err
	}
	return r.friends.Turn(tx, friend.Turn{Channel: ch, Person: p, To: to, At: at})
}

func (r *Room) befriended(tx *store.Tx, ch *channel.Channel, p *friend.Person) {
	tx.After(func() {
		r.feed.Publish(feed.Change{Type: "friendship", ChannelID: ch.ID, UserIDs: []string{p.UserID}, ChatID: ch.ID})
	})
}

// emit tells the account of an event.
func (r *Room) emit(tx *store.Tx, ch *channel.Channel, e webhook.Event) ([]string, error) {
	emitted, err := r.hooks.Emit(tx, ch, e)
	return []string{emitted.EventID}, err
}

// Unsend takes back a message that the person sent: its text and file are gone,
// its id stays.
// https://developers.line.biz/en/reference/messaging-api/#unsend-event
func (r *Room) Unsend(tx *store.Tx, p *friend.Person, messageID string) ([]string, error) {
	m, err := r.message(tx, messageID)
	if err != nil || m.senderNo != p.No {
		return nil, api.Errorf(api.NotFound, "messageId: %s sent no message %s", p.UserID, messageID)
	}
	if m.unsentAt != 0 {
		return nil, api.Errorf(api.Conflict, "messageId: %s is unsent already", messageID)
	}
	_, err = tx.Exec(`UPDATE messages SET unsent_at = $2, body = $3 WHERE id = $1`, m.id, tx.Millis(), string(api.Members([]api.Member{{Name: "type", Value: m.kind}})))
	if err != nil {
		return nil, err
	}
	for _, q := range []string{`DELETE FROM content_parts WHERE message_id = $1`, `DELETE FROM contents WHERE message_id = $1`} {
		if _, err := tx.Exec(q, m.id); err != nil {
			return nil, err
		}
	}
	c, err := r.ByNo(tx, m.chatNo)
	if err != nil {
		return nil, err
	}
	accounts, users, err := r.present(tx, p, c)
	if err != nil {
		return nil, err
	}
	tx.After(func() {
		r.feed.Publish(feed.Change{Type: "unsend", ChannelID: r.channelOf(c), UserIDs: users, ChatID: r.Path(c), Data: Said{[]string{messageID}}})
	})
	return r.emitAll(tx, accounts, webhook.Event{Type: "unsend", Source: c.Source(p.UserID), Lane: lane(c),
		Members: []api.Member{{Name: "unsend", Value: map[string]string{"messageId": messageID}}}})
}

// present are the accounts that learn of what happens in a chat, and the people
// in it. One whom the person has blocked learns nothing.
func (r *Room) present(tx *store.Tx, p *friend.Person, c *Chat) ([]*channel.Channel, []string, error) {
	if c.Kind == User {
		ch, err := r.Account(c.ChannelNo)
		if err != nil {
			return nil, nil, err
		}
		f, err := r.friends.Friendship(tx, ch, p)
		if err != nil || f.State == friend.Blocked {
			return nil, []string{p.UserID}, err
		}
		return []*channel.Channel{ch}, []string{p.UserID}, nil
	}
	m, err := r.Members(tx, c)
	return m.Channels, m.userIDs(), err
}

// channelOf is the id of a one-on-one chat's channel, "" for groups and rooms.
func (r *Room) channelOf(c *Chat) string {
	if ch := r.channels.ByNo(c.ChannelNo); ch != nil {
		return ch.ID
	}
	return ""
}

func (r *Room) emitAll(tx *store.Tx, accounts []*channel.Channel, e webhook.Event) ([]string, error) {
	ids := []string{}
	for _, ch := range accounts {
		more, err := r.emit(tx, ch, e)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	return ids, nil
}

// Postback sends a postback event to the account whose message was tapped.
// params is what a datetime picker or a rich menu switch adds, or nil.
// https://developers.line.biz/en/reference/messaging-api/#postback-event
func (r *Room) Postback(tx *store.Tx, ch *channel.Channel, p *friend.Person, c *Chat, data string, params jsontext.Value) ([]string, error) {
	accounts, _, err := r.hearers(tx, p, c)
	if err != nil || !slices.Contains(accounts, ch) { // it has left the group since
		return nil, err
	}
	postback := []api.Member{{Name: "data", Value: data}}
	if params != nil {
		postback = append(postback, api.Member{Name: "params", Value: params})
	}
	return r.emit(tx, ch, webhook.Event{Type: "postback", Source: c.Source(p.UserID), Replyable: true, ChatNo: c.No, Lane: lane(c),
		Members: []api.Member{{Name: "postback", Value: api.Members(postback)}}})
}

// DisplayText shows what a tap on a postback action says in the person's name,
// and gives the message's id; no event tells of it.
func (r *Room) DisplayText(tx *store.Tx, ch *channel.Channel, p *friend.Person, c *Chat, text string) (int64, error) {
	_, users, err := r.hearers(tx, p, c)
	if err != nil {
		return 0, err
	}
	d := Draft{Chat: c, SenderNo: p.No, Origin: FromUser, Type: "text", Body: Utterance{Type: "text", Text: text}.body(nil)}
	if c.Kind == User {
		d.AccountNo = ch.No
	}
	ids, err := r.Post(tx, d)
	if err != nil {
		return 0, err
	}
	tx.After(func() { r.said(r.channelOf(c), users, r.Path(c), ids) })
	return ids[0], nil
}

// VideoPlayComplete tells the account that a video with a tracking id was played to its end.
// https://developers.line.biz/en/reference/messaging-api/#video-viewing-complete
func (r *Room) VideoPlayComplete(tx *store.Tx, p *friend.Person, messageID string) ([]string, error) {
	m, err := r.message(tx, messageID)
	if err != nil || m.senderNo >= 0 {
		return nil, api.Errorf(api.NotFound, "messageId: no account sent a message %s", messageID)
	}
	tracking := trackingID(m.body)
	if m.kind != "video" || tracking == "" {
		return nil, api.Errorf(api.Conflict, "messageId: %s is no video with a trackingId", messageID)
	}
	ch, err := r.Account(-m.senderNo)
	if err != nil {
		return nil, err
	}
	c, err := r.OneOnOne(tx, ch, p)
	if err != nil {
		return nil, err
	}
	if seen, err := r.Sees(tx, p, c, m.id); err != nil || !seen {
		return nil, orNotSeen(err, messageID)
	}
	if _, _, err := r.hearers(tx, p, c); err != nil {
		return nil, err
	}
	return r.emit(tx, ch, webhook.Event{Type: "videoPlayComplete", Source: c.Source(p.UserID), Replyable: true, ChatNo: c.No, Lane: lane(c),
		Members: []api.Member{{Name: "videoPlayComplete", Value: map[string]string{"trackingId": tracking}}}})
}

func orNotSeen(err error, messageID string) error {
	if err != nil {
		return err
	}
	return api.Errorf(api.NotFound, "messageId: no message %s in this chat", messageID)
}

// Beacon tells the account that owns the device that the person came near it,
// where they are its friend.
// https://developers.line.biz/en/docs/messaging-api/using-beacons/#receive-a-webhook-event
func (r *Room) Beacon(tx *store.Tx, p *friend.Person, hwid, kind, dm string) ([]string, error) {
	if kind != "enter" && kind != "banner" && kind != "stay" {
		return nil, api.Errorf(api.Invalid, "beaconType: enter, banner or stay")
	}
	for _, ch := range r.channels.List() {
		for _, b := range ch.Config.Beacons {
			if b.Hwid != hwid || ch.Provider != p.Provider {
				continue
			}
			c, err := r.OneOnOne(tx, ch, p)
			if err != nil {
				return nil, err
			}
			if _, _, err := r.hearers(tx, p, c); err != nil {
				return nil, err
			}
			if f, err := r.friends.Friendship(tx, ch, p); err != nil {
				return nil, err
			} else if f.State != friend.Friend {
				return nil, api.Errorf(api.Conflict, "%s is no friend of this account, and it hears of friends only; follow it first", p.UserID)
			}
			members := []api.Member{{Name: "hwid", Value: hwid}, {Name: "type", Value: kind}}
			if dm != "" {
				members = append(members, api.Member{Name: "dm", Value: dm})
			}
			return r.emit(tx, ch, webhook.Event{Type: "beacon", Source: c.Source(p.UserID), Replyable: true, ChatNo: c.No, Lane: lane(c),
				Members: []api.Member{{Name: "beacon", Value: api.Members(members)}}})
		}
	}
	return nil, api.Errorf(api.NotFound, "hwid: no channel has a beacon %s", hwid)
}

// AccountLink tells the account how linking a person ended; of a failure it is
// not told whose.
// https://developers.line.biz/en/reference/messaging-api/#account-link-event
func (r *Room) AccountLink(tx *store.Tx, ch *channel.Channel, p *friend.Person, ok bool, nonce string) ([]string, error) {
	c, err := r.OneOnOne(tx, ch, p)
	if err != nil {
		return nil, err
	}
	e := webhook.Event{Type: "accountLink", Lane: lane(c)}
	result := "failed"
	if ok {
		result = "ok"
		e.Source, e.Replyable, e.ChatNo = c.Source(p.UserID), true, c.No
	}
	e.Members = []api.Member{{Name: "link", Value: api.Members([]api.Member{{Name: "result", Value: result}, {Name: "nonce", Value: nonce}})}}
	return r.emit(tx, ch, e)
}

// Sees says whether a message stands in the chat as the person sees it.
func (r *Room) Sees(tx *store.Tx, p *friend.Person, c *Chat, id int64) (bool, error) {
	_, err := r.Seen(tx, p, c, strconv.FormatInt(id, 10))
	if err == nil {
		return true, nil
	}
	return false, notFoundIsNil(err)
}
