package miniapp

import (
	"errors"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

type sendBody struct {
	TemplateName      string            `json:"templateName"`
	Params            map[string]string `json:"params"`
	NotificationToken string            `json:"notificationToken"`
}

// send sends a service message to whom the token is of, and renews the token.
// 400 for a body that cannot be sent, 401 for a token that is not good, 403 for a
// template that the channel has not.
// https://developers.line.biz/en/reference/line-mini-app/#send-service-message
func (r *Room) send(c *api.Call, in sendBody) (any, error) {
	ch := channel.Caller(c)
	switch {
	case ch.Type != channel.MiniApp:
		return nil, errNoMiniApp
	case c.Query().Get("target") != "service":
		return nil, errTarget
	}
	if err := in.problem(); err != nil {
		return nil, err
	}
	var out notifier
	err := r.DB.Update(c, func(tx *store.Tx) (err error) {
		out, err = r.deliver(tx, ch, in)
		return err
	})
	return out, err
}

func (in sendBody) problem() error {
	switch {
	case strings.TrimSpace(in.TemplateName) == "":
		return blank("templateName")
	case in.Params == nil:
		return errParams
	case strings.TrimSpace(in.NotificationToken) == "":
		return blank("notificationToken")
	}
	return nil
}

// deliver does what the request says, or nothing of it.
func (r *Room) deliver(tx *store.Tx, ch *channel.Channel, in sendBody) (notifier, error) {
	token, err := find(tx, ch, in.NotificationToken)
	if err != nil {
		return notifier{}, err
	}
	t, err := template(tx, ch, in.TemplateName)
	if err != nil {
		return notifier{}, err
	}
	body, err := t.message(ch, token.liffID, in.Params)
	if err != nil {
		return notifier{}, err
	}
	p, err := r.Friends.ByNo(tx, token.personNo)
	if errors.Is(err, store.ErrNotFound) {
		return notifier{}, errNoReceiver
	}
	if err != nil {
		return notifier{}, err
	}
	if err := r.post(tx, ch, p, body); err != nil {
		return notifier{}, err
	}
	return token.renew(tx)
}
