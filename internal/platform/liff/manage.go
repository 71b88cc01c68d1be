package liff

import (
	"crypto/rand"
	"errors"
	"fmt"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// appsMost is how many apps a channel may have.
const appsMost = 30

var errUnknown = api.Errorf(api.NotFound, "not found")

// add registers an app with the channel; 400 when it has 30 already.
// https://developers.line.biz/en/reference/liff-server/#add-liff-app
func (r *Room) add(c *api.Call, in Change) (any, error) {
	if in.View == nil {
		return nil, &api.Error{Code: api.Invalid, Message: "The request body has 1 error(s)", Details: []api.Detail{{Message: "must be specified", Property: "view"}}}
	}
	a := &App{Channel: channel.Caller(c)}
	if err := a.apply(in, false); err != nil {
		return nil, err
	}
	err := r.DB.Update(c, func(tx *store.Tx) error { return Add(tx, a) })
	return struct {
		LiffID string `json:"liffId"`
	}{a.LiffID}, err
}

// Add registers an app, under a new id unless it has one.
func Add(tx *store.Tx, a *App) error {
	n, err := count(tx, a.Channel)
	if err != nil {
		return err
	}
	if n >= appsMost {
		return api.Errorf(api.Invalid, "The maximum number of LIFF apps that can be added to the channel has been reached.")
	}
	if a.LiffID == "" {
		a.LiffID = a.Channel.ID + "-" + rand.Text()[:8]
	}
	return put(tx, a)
}

// FromWorld is an app as a world file has it, where its endpoint may be http on
// this machine.
func FromWorld(ch *channel.Channel, liffID string, in Change) (*App, error) {
	a := &App{LiffID: liffID, Channel: ch}
	err := a.apply(in, true)
	var refused *api.Error
	if errors.As(err, &refused) {
		err = fmt.Errorf("%s: %s", refused.Details[0].Property, refused.Details[0].Message)
	}
	return a, err
}

// list answers the apps of the channel; 404 when it has none.
// https://developers.line.biz/en/reference/liff-server/#get-all-liff-apps
func (r *Room) list(c *api.Call) (any, error) {
	var out struct {
		Apps []*App `json:"apps"`
	}
	err := r.DB.View(c, func(tx *store.Tx) (err error) {
		out.Apps, err = r.Apps(tx, channel.Caller(c))
		return err
	})
	if err == nil && len(out.Apps) == 0 {
		err = errUnknown
	}
	return out, err
}

// update changes what is given of an app; 404 when the channel has no such app.
// https://developers.line.biz/en/reference/liff-server/#update-liff-app
func (r *Room) update(c *api.Call, in Change) (any, error) {
	return r.own(c, func(tx *store.Tx, a *App) error {
		if err := a.apply(in, in.View == nil || in.View.URL == nil); err != nil {
			return err
		}
		return put(tx, a)
	})
}

// delete takes an app out of the channel; 404 when the channel has no such app.
// https://developers.line.biz/en/reference/liff-server/#delete-liff-app
func (r *Room) delete(c *api.Call) (any, error) { return r.own(c, remove) }

func (r *Room) own(c *api.Call, do func(*store.Tx, *App) error) (any, error) {
	err := r.DB.Update(c, func(tx *store.Tx) error {
		a, err := r.Find(tx, c.Path("liffId"))
		if errors.Is(err, store.ErrNotFound) || err == nil && a.Channel.No != channel.Caller(c).No {
			return errUnknown
		}
		if err != nil {
			return err
		}
		return do(tx, a)
	})
	return api.Empty{}, err
}
