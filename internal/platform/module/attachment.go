package module

import (
	"errors"
	"slices"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/webhook"
)

// attachment is a module that may act for an account.
type attachment struct {
	module *channel.Channel
	scopes []string
}

func (a attachment) has(scope string) bool { return scope == none || slices.Contains(a.scopes, scope) }

// attached lists the modules of an account that were granted a scope, the first
// attached first.
func (r *Room) attached(tx *store.Tx, account *channel.Channel, scope string) ([]attachment, error) {
	var list []attachment
	err := tx.Each(`SELECT module_no, scopes FROM module_attachments WHERE account_no = $1 ORDER BY attached_at, module_no`, []any{account.No},
		func(scan func(...any) error) error {
			var no int64
			var scopes string
			if err := scan(&no, &scopes); err != nil {
				return err
			}
			if a := (attachment{r.channels.ByNo(no), words(scopes)}); a.module != nil && a.has(scope) {
				list = append(list, a)
			}
			return nil
		})
	return list, err
}

// grant is what a module was granted by an account; store.ErrNotFound when it is
// not attached.
func grant(tx *store.Tx, account, module *channel.Channel) (attachment, error) {
	var scopes string
	err := tx.Row(`SELECT scopes FROM module_attachments WHERE account_no = $1 AND module_no = $2`, []any{account.No, module.No}, &scopes)
	return attachment{module, words(scopes)}, err
}

// Attach attaches a module to an account, or grants it other scopes, without
// telling anybody: as it stands in the world file. The error is an *api.Error,
// Forbidden, where another module is already the account's default active one.
func (r *Room) Attach(tx *store.Tx, account, module *channel.Channel, scopes []string) error {
	if taken, err := r.taken(tx, account, module); err != nil || taken {
		if err == nil {
			err = &api.Error{Code: api.Forbidden, Reason: "access_denied", Message: "another module channel of this account is default active"}
		}
		return err
	}
	_, err := tx.Exec(`INSERT INTO module_attachments (account_no, module_no, scopes, attached_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account_no, module_no) DO UPDATE SET scopes = excluded.scopes`, account.No, module.No, strings.Join(scopes, " "), tx.Millis())
	return err
}

// taken says that the account has another default active module, beside which
// this one cannot be attached.
// https://developers.line.biz/en/docs/partner-docs/module-technical-chat-control/#exclusive-control
func (r *Room) taken(tx *store.Tx, account, module *channel.Channel) (bool, error) {
	if !module.Config.DefaultActive {
		return false, nil
	}
	list, err := r.attached(tx, account, none)
	return slices.ContainsFunc(list, func(a attachment) bool { return a.module.No != module.No && a.module.Config.DefaultActive }), err
}

type detachBody struct {
	BotID string `json:"botId"`
}

// detach ends the attachment of the calling module to an account. The chats that
// the module answered in fall back to who answers by default.
// https://developers.line.biz/en/reference/partner-docs/#unlink-detach-module-channel-by-operation-mc-admin
func (r *Room) detach(c *api.Call, in detachBody) (any, error) {
	account := r.channels.OfBot(in.BotID)
	if account == nil || in.BotID == "" {
		return nil, api.Errorf(api.Invalid, "user/group/room Id is not available.")
	}
	errNone := api.Errorf(api.Invalid, "Specified channel is not detachable")
	module := r.caller(c)
	if module == nil {
		return nil, errNone
	}
	err := r.db.Update(c, func(tx *store.Tx) error {
		if _, err := grant(tx, account, module); errors.Is(err, store.ErrNotFound) {
			return errNone
		} else if err != nil {
			return err
		}
		for _, query := range []string{`DELETE FROM module_attachments WHERE account_no = $1 AND module_no = $2`,
			`DELETE FROM module_controls WHERE account_no = $1 AND holder_no = $2`} {
			if _, err := tx.Exec(query, account.No, module.No); err != nil {
				return err
			}
		}
		_, err := r.hooks.Tell(tx, account, webhook.Event{Type: "module", Lane: account.ID,
			Members: []api.Member{{Name: "module", Value: moduleContent{Type: "detached", BotID: account.Account.UserID}}}}, webhook.Share{To: module})
		return err
	})
	return api.Empty{}, err
}

// moduleContent is the "module" member of the events that tell of an attachment.
type moduleContent struct {
	Type   string   `json:"type"`
	BotID  string   `json:"botId"`
	Scopes []string `json:"scopes,omitzero"`
}
