package publicapi

import (
	"math"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/workspace/archive"
)

// ChatList is the answer of listChats.
type ChatList struct {
	Chats      []ChatItem `json:"chats"`
	NextCursor *string    `json:"nextCursor"`
}

// ChatItem is one chat of an account.
type ChatItem struct {
	ID            string `json:"id"`
	Type          string `json:"type"`
	Name          string `json:"name,omitzero"`
	LastMessageAt string `json:"lastMessageAt"`
	MessageCount  int64  `json:"messageCount"`
}

func (a *API) listChats(c *api.Call) (any, error) {
	of, err := a.account(c)
	if err != nil {
		return nil, err
	}
	limit, err := pageLimit.number(c)
	if err != nil {
		return nil, err
	}
	q := queryOf(c.Op.ID, of.ID, chat.Selection{})
	after, err := q.begin(c, chat.Position{SentAt: math.MaxInt64, ID: math.MaxInt64})
	if err != nil {
		return nil, err
	}
	talks, next, err := a.archive.Chats(c, of, after, limit)
	if err != nil {
		return nil, err
	}
	list := ChatList{Chats: []ChatItem{}}
	for _, t := range talks {
		list.Chats = append(list.Chats, ChatItem{t.Peer, t.Kind, t.Name, stamp(t.LastAt), t.MessageCount})
	}
	if next != nil {
		text := q.cursor(*next)
		list.NextCursor = &text
	}
	return list, nil
}

func stamp(millis int64) string { return strings.Trim(string(archive.AppendTime(nil, millis)), `"`) }
