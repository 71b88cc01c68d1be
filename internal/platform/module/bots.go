package module

import (
	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

type botsAnswer struct {
	Bots []bot  `json:"bots"`
	Next string `json:"next,omitzero"`
}

type bot struct {
	UserID      string `json:"userId"`
	BasicID     string `json:"basicId"`
	PremiumID   string `json:"premiumId,omitzero"`
	DisplayName string `json:"displayName"`
	PictureURL  string `json:"pictureUrl,omitzero"`
}

// botsMost is how many accounts a page lists.
const botsMost = 100

// bots lists the accounts that the calling module is attached to, 100 a page
// unless limit says fewer; the token for the next page lasts 24 hours.
// https://developers.line.biz/en/reference/partner-docs/#get-multiple-bot-info-api
func (r *Room) bots(c *api.Call) (any, error) {
	module := r.caller(c)
	if module == nil {
		return nil, errDenied
	}
	limit, ok := c.QueryInt("limit")
	if !ok || limit < 0 || limit > botsMost {
		return nil, friend.InvalidParameter("limit")
	}
	if limit == 0 { // the Go SDK sends limit=0 for the default
		limit = botsMost
	}
	var after int64
	if start := c.Query().Get("start"); start != "" {
		if after, ok = module.ReadPageToken("bots", start, c.Now); !ok {
			return nil, api.Errorf(api.Invalid, "Invalid start param")
		}
	}
	answer := botsAnswer{Bots: []bot{}}
	err := r.db.View(c, func(tx *store.Tx) error {
		last := after
		return tx.Each(`SELECT account_no FROM module_attachments WHERE module_no = $1 AND account_no > $2 ORDER BY account_no LIMIT $3`,
			[]any{module.No, after, limit + 1}, func(scan func(...any) error) error {
				var no int64
				if err := scan(&no); err != nil {
					return err
				}
				if int64(len(answer.Bots)) == limit {
					answer.Next = module.PageToken("bots", last, c.Now)
					return nil
				}
				last = no
				if ch := r.channels.ByNo(no); ch != nil {
					a := ch.Account
					answer.Bots = append(answer.Bots, bot{a.UserID, a.BasicID, a.PremiumID, a.DisplayName, a.PictureURL})
				}
				return nil
			})
	})
	return answer, err
}
