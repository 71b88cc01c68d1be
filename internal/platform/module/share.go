package module

import (
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/webhook"
)

// shares says to which modules an account's event goes beside its own channel,
// and which of them is to answer. A module hears of an account when it was
// granted to; who adds the account (again) is answered by whom it is by default.
// https://developers.line.biz/en/docs/partner-docs/module-technical-using-messaging-api/#mode-property
func (r *Room) shares(tx *store.Tx, account *channel.Channel, e webhook.Event) ([]webhook.Share, error) {
	if !r.channels.Has(channel.Module) {
		return nil, nil // as in nearly all worlds: events cost nothing more there
	}
	scope := messageReceive
	if e.Type == "delivery" {
		scope = templatedPNP
	}
	list, err := r.attached(tx, account, scope)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	peer := peerOf(e.Source)
	if e.Type == "follow" || e.Type == "join" {
		if _, err := tx.Exec(`DELETE FROM module_controls WHERE account_no = $1 AND peer = $2`, account.No, peer); err != nil {
			return nil, err
		}
	}
	active, err := r.holder(tx, account, peer, list)
	if err != nil {
		return nil, err
	}
	shares := make([]webhook.Share, len(list))
	for i, a := range list {
		shares[i] = share(a.module, account)
		shares[i].Standby = a.module.No != active
	}
	return shares, nil
}

// share is how a module is told of an account's events.
func share(module, account *channel.Channel) webhook.Share {
	return webhook.Share{To: module, Body: func(body string) string { return outward(body, account.Account.UserID) }}
}

// peerOf is the user, group or room whose chat an event happened in.
func peerOf(s *webhook.Source) string {
	switch {
	case s == nil:
		return ""
	case s.GroupID != "":
		return s.GroupID
	case s.RoomID != "":
		return s.RoomID
	}
	return s.UserID
}
