package sim

import (
	"context"
	"errors"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
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
		out.URL, err = r.LIFF.Open(tx, p, liff.Opening{App: app, Chat: at, Issuer: issuer, Extra: in.Path})
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
