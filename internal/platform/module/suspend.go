package module

import (
	"errors"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/webhook"
)

func isSuspended(tx *store.Tx, account *channel.Channel) (bool, error) {
	err := tx.Row(`SELECT 1 FROM module_suspensions WHERE account_no = $1`, []any{account.No}, new(int64))
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Suspend suspends an account, as its operator or the platform may, or has it
// return; the modules attached to it are told, the account's own channel is not.
// While it is suspended, modules cannot act for it. The error is an *api.Error,
// Conflict, where the account is so already.
// https://developers.line.biz/en/reference/partner-docs/#botsuspend-event
func (r *Room) Suspend(tx *store.Tx, account *channel.Channel, suspend bool) ([]string, error) {
	is, err := isSuspended(tx, account)
	if err != nil {
		return nil, err
	}
	event := "botSuspended"
	switch {
	case is == suspend:
		return nil, api.Errorf(api.Conflict, "%s is so already", account.ID)
	case suspend:
		_, err = tx.Exec(`INSERT INTO module_suspensions (account_no, since) VALUES ($1, $2)`, account.No, tx.Millis())
	default:
		event = "botResumed"
		_, err = tx.Exec(`DELETE FROM module_suspensions WHERE account_no = $1`, account.No)
	}
	if err != nil {
		return nil, err
	}
	list, err := r.attached(tx, account, messageReceive)
	var ids []string
	for _, a := range list {
		e, err := r.hooks.Tell(tx, account, webhook.Event{Type: event, Lane: account.ID}, share(a.module, account))
		if err != nil {
			return nil, err
		}
		ids = append(ids, e.EventID)
	}
	return ids, err
}
