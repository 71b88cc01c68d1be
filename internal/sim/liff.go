package sim

import (
	"context"
	"errors"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/liff"
	"kaiwa/internal/platform/miniapp"
)

// LIFFOpening is a LIFF app that a person opens; chat is where they are, if anywhere.
type LIFFOpening struct {
	LiffID string  `json:"liffId"`
	Chat   ChatRef `json:"chat"`
	// Path is what follows the LIFF id in the URL that was tapped: path, query and fragment.
	Path string `json:"path"`
}

// LIFFOpened is what the LIFF browser loads.
type LIFFOpened struct {
	URL string `json:"url"`
	// Frame is the name of the frame that shows it, where a browser stands in for
	// the LIFF browser.
	Frame string `json:"-"`
}

// OpenLIFF opens a LIFF app as the LIFF browser does, for a person who agrees to
// what it asks for; issuer is whom the ID token is to name.
func (r *Room) OpenLIFF(ctx context.Context, userID, issuer string, in LIFFOpening) (out LIFFOpened, err error) {
	err = r.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		app, err := r.liffApp(tx, p, in.LiffID)
		if err != nil {
			return err
		}
		var at *chat.Chat
		// In a chat of service messages an app can say nothing: it is in no chat.
		if _, notice := miniapp.NoticeRegion(in.Chat.id()); in.Chat.id() != "" && !notice {
			if at, err = r.chatOf(tx, p, in.Chat.id(), true); err != nil {
				return err
			}
		}
		out.URL, out.Frame, err = r.LIFF.Open(tx, p, liff.Opening{App: app, Chat: at, Issuer: issuer, Extra: in.Path})
		return err
	})
	return out, err
}

func (r *Room) liffApp(tx *store.Tx, p *friend.Person, liffID string) (*liff.App, error) {
	app, err := r.LIFF.Find(tx, liffID)
	if errors.Is(err, store.ErrNotFound) || err == nil && app.Channel.Provider != p.Provider {
		return nil, api.Errorf(api.NotFound, "liffId: there is no LIFF app %q", liffID)
	}
	return app, err
}

func (r *Room) postLIFF(c *api.Call, in LIFFOpening) (any, error) {
	return r.OpenLIFF(c, c.Path("userId"), r.Login.Issuer(c), in)
}

// LIFFApp is a LIFF app before a person who may open it.
type LIFFApp struct {
	*liff.App
	Agreed bool // the person granted all that it asks for
	// Bot is the official account that the app asks the person to add, or nil.
	Bot *channel.Channel
}

// LIFFApp finds an app for a person; api.NotFound when there is none of it.
func (r *Room) LIFFApp(ctx context.Context, userID, liffID string) (out LIFFApp, err error) {
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		if out.App, err = r.liffApp(tx, p, liffID); err != nil {
			return err
		}
		if out.Agreed, err = r.Login.Agreed(tx, p, out.Login()); err != nil {
			return err
		}
		out.Bot, err = r.Login.Addable(tx, p, out.Login())
		return err
	})
	return out, err
}

// AgreeToLIFF has a person agree to what an app asks for, and add the linked
// official account if add is set.
func (r *Room) AgreeToLIFF(ctx context.Context, userID, liffID string, add bool) error {
	return r.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		app, err := r.liffApp(tx, p, liffID)
		if err != nil {
			return err
		}
		return r.Login.Agree(tx, p, app.Login(), add)
	})
}

// LIFFLink is a LIFF app that a link leads to, and what followed its id there.
type LIFFLink struct {
	LiffID string `json:"liffId"`
	Path   string `json:"path,omitzero"`
}

// linked is the app that a link leads to, nil when it leads elsewhere.
func (r *Room) linked(tx *store.Tx, p *friend.Person, uri string) (*LIFFLink, error) {
	id, path, ok := liff.ParseURL(uri)
	if !ok {
		return nil, nil
	}
	if _, err := r.liffApp(tx, p, id); err != nil {
		var refusal *api.Error
		if errors.As(err, &refusal) { // not of this world: a link as any other
			return nil, nil
		}
		return nil, err
	}
	return &LIFFLink{id, path}, nil
}

// LIFFLink is the app that a link in a message leads a person to, nil when it
// leads elsewhere.
func (r *Room) LIFFLink(ctx context.Context, userID, uri string) (to *LIFFLink, err error) {
	if _, _, ok := liff.ParseURL(uri); !ok {
		return nil, nil
	}
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err == nil {
			to, err = r.linked(tx, p, uri)
		}
		return err
	})
	return to, err
}
