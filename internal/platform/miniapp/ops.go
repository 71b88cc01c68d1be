package miniapp

import "kaiwa/internal/kernel/api"

// Ops are the API, with a channel access token of the LINE MINI App channel.
// https://developers.line.biz/en/reference/line-mini-app/
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "issueNotificationToken", Pattern: "POST /message/v3/notifier/token", Run: api.JSON(r.issue)},
		{ID: "sendServiceMessage", Pattern: "POST /message/v3/notifier/send", Run: api.JSON(r.send)},
	}
}
