package channel

import "kaiwa/internal/kernel/api"

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{{ID: "getBotInfo", Pattern: "GET /v2/bot/info", Run: api.None(r.info)}}
}

type infoAnswer struct {
	UserID         string `json:"userId"`
	BasicID        string `json:"basicId"`
	PremiumID      string `json:"premiumId,omitzero"`
	DisplayName    string `json:"displayName"`
	PictureURL     string `json:"pictureUrl,omitzero"`
	ChatMode       string `json:"chatMode"`
	MarkAsReadMode string `json:"markAsReadMode"`
}

// info describes the caller's official account.
// https://developers.line.biz/en/reference/messaging-api/#get-bot-info
func (r *Room) info(c *api.Call) (any, error) {
	a := Caller(c).Account
	return infoAnswer{a.UserID, a.BasicID, a.PremiumID, a.DisplayName, a.PictureURL, a.ChatMode, a.MarkAsReadMode}, nil
}
