package miniapp

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// names are the chats that people find service messages in, by the region that
// the app is provided in; "" is for apps that tell none.
// https://developers.line.biz/en/docs/line-mini-app/develop/service-messages/#chat-room-where-service-messages-are-displayed
var names = map[string]string{"": "LINE MINI App Notice", "JP": "LINEミニアプリ お知らせ", "TH": "LINE MINI App Notice", "TW": "LINE MINI App 通知"}

// Regions are where MINI Apps can be provided.
var Regions = []string{"JP", "TH", "TW"}

// chatID is what the chats are called in paths.
const chatID = "miniapp-notice"

// NoticeID is the id of a region's chat in a path.
func NoticeID(region string) string {
	if region == "" {
		return chatID
	}
	return chatID + "-" + strings.ToLower(region)
}

// NoticeRegion is the region of a chat's id; ok is false for other ids.
func NoticeRegion(id string) (region string, ok bool) {
	for region := range names {
		if NoticeID(region) == id {
			return region, true
		}
	}
	return "", false
}

// NoticeName is the name of a region's chat.
func NoticeName(region string) string { return names[region] }

// Notice is a service message as a person sees it.
type Notice struct {
	ID     int64 // of the same sequence as the ids of all messages
	App    *channel.Channel
	SentAt int64
	Body   jsontext.Value
	Read   bool
}

// NoticeChat is a region's chat in a person's list.
type NoticeChat struct {
	Region string
	Unread int
	Last   Notice
}

// post puts a message into the person's chat of the app's region.
func (r *Room) post(tx *store.Tx, ch *channel.Channel, p *friend.Person, body jsontext.Value) error {
	no, region := r.Chats.NextID(tx), ch.Config.Region
	_, err := tx.Exec(`INSERT INTO service_messages (id, person_no, region, channel_no, sent_at, body) VALUES ($1, $2, $3, $4, $5, $6)`,
		no, p.No, region, ch.No, tx.Millis(), string(body))
	if err == nil && r.Feed.Followed() {
		tx.After(func() {
			r.Feed.Publish(feed.Change{Type: "message", ChannelID: ch.ID, UserIDs: []string{p.UserID}, ChatID: NoticeID(region),
				Data: chat.Said{MessageIDs: []string{strconv.FormatInt(no, 10)}}})
		})
	}
	return err
}

// Notices are the newest messages of a region's chat before a message id, 0 for
// the end, oldest first, at most limit.
func (r *Room) Notices(tx *store.Tx, p *friend.Person, region string, limit int, before int64) (list []Notice, err error) {
	query, args := `SELECT id, channel_no, sent_at, body FROM service_messages WHERE person_no = $1 AND region = $2 ORDER BY id DESC LIMIT $3`,
		[]any{p.No, region, limit}
	if before != 0 {
		query = `SELECT id, channel_no, sent_at, body FROM service_messages WHERE person_no = $1 AND region = $2 AND id < $4 ORDER BY id DESC LIMIT $3`
		args = append(args, before)
	}
	upto, err := read(tx, p, region)
	if err != nil {
		return nil, err
	}
	list = make([]Notice, 0, limit)
	err = tx.Each(query, args, func(scan func(...any) error) error {
		n, err := r.scan(scan, upto)
		if n.App != nil {
			list = append([]Notice{n}, list...)
		}
		return err
	})
	return list, err
}

// Notice is one message of a region's chat; store.ErrNotFound when it does not
// stand there.
func (r *Room) Notice(tx *store.Tx, p *friend.Person, region, id string) (n Notice, err error) {
	no, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return n, store.ErrNotFound
	}
	upto, err := read(tx, p, region)
	if err != nil {
		return n, err
	}
	n, err = r.scan(func(dest ...any) error {
		return tx.Row(`SELECT id, channel_no, sent_at, body FROM service_messages WHERE id = $1 AND person_no = $2 AND region = $3`,
			[]any{no, p.No, region}, dest...)
	}, upto)
	if err == nil && n.App == nil {
		err = store.ErrNotFound
	}
	return n, err
}

// scan reads a row; App is nil when a reset has taken the channel since.
func (r *Room) scan(scan func(...any) error, upto int64) (n Notice, err error) {
	var channelNo int64
	var body string
	err = scan(&n.ID, &channelNo, &n.SentAt, &body)
	n.App, n.Body, n.Read = r.Channels.ByNo(channelNo), jsontext.Value(body), n.ID <= upto
	return n, err
}

// unreadMost is where counting unread messages ends, as in other chats.
const unreadMost = 999

// NoticeChats are the chats in which a person has service messages.
func (r *Room) NoticeChats(tx *store.Tx, p *friend.Person) (list []NoticeChat, err error) {
	for _, region := range append([]string{""}, Regions...) {
		last, err := r.Notices(tx, p, region, 1, 0)
		if err != nil {
			return nil, err
		}
		if len(last) == 0 {
			continue
		}
		c := NoticeChat{Region: region, Last: last[0]}
		err = tx.Row(`SELECT COUNT(*) FROM (SELECT id FROM service_messages WHERE person_no = $1 AND region = $2 AND
			id > COALESCE((SELECT message_id FROM service_reads WHERE person_no = $1 AND region = $2), 0) LIMIT $3) AS unread`,
			[]any{p.No, region, unreadMost}, &c.Unread)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}
