package module

import (
	"errors"
	"net/http"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// BotHeader names, by the user id of its bot, the account that a module calls
// for. LINE tells its name to those who take part only; public code has this one.
// https://developers.line.biz/en/docs/partner-docs/module-technical-using-messaging-api/#call-msg-api-endpoint
const BotHeader = "X-Line-Bot-Id"

var errDenied = api.Errorf(api.Forbidden, "Access to this API is not available for your account")

// Authenticate recognises the caller of a Messaging API operation. A module is
// the owner of its calls, and its principal the channel of the account that the
// header names, as far as there is one; whether the module may act for it, Check
// says, since that depends on the operation.
func (r *Room) Authenticate(req *http.Request) (owner string, principal any, err error) {
	owner, principal, err = r.tokens.Authenticate(req)
	ch, ok := principal.(*channel.Channel)
	if err != nil || !ok || ch.Type != channel.Module {
		return owner, principal, err
	}
	if bot := req.Header.Get(BotHeader); bot != "" {
		if account := r.channels.OfBot(bot); account != nil {
			return owner, account, nil
		}
	}
	return owner, ch, nil
}

// caller is the module that calls, nil when an account's own channel does.
func (r *Room) caller(c *api.Call) *channel.Channel {
	if m := r.channels.Get(c.Owner); m != nil && m.Type == channel.Module {
		return m
	}
	return nil
}

// Check refuses what a module may not do for the account that it names, with
// 403. Rate limits are each module's for each account.
// https://developers.line.biz/en/docs/partner-docs/module-technical-using-messaging-api/#rate-limits
func (r *Room) Check(c *api.Call) error {
	ch, ok := c.Principal.(*channel.Channel)
	if !ok || ch.ID == c.Owner && ch.Type != channel.Module {
		return nil
	}
	if c.Op.ID == getModules || c.Op.ID == detachModule { // of the module itself
		return nil
	}
	scope, open := needs[c.Op.ID]
	if !open || ch.Type == channel.Module {
		return errDenied
	}
	c.Bucket = c.Owner + " " + ch.Account.UserID
	return r.db.View(c, func(tx *store.Tx) error {
		granted, err := grant(tx, ch, r.caller(c))
		if errors.Is(err, store.ErrNotFound) || err == nil && !granted.has(scope) {
			return errDenied
		}
		if err != nil {
			return err
		}
		suspended, err := isSuspended(tx, ch)
		if err == nil && suspended {
			err = errDenied
		}
		return err
	})
}
