package mission

import (
	"errors"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/object"
)

type giveBody struct {
	To                 string `json:"to"`
	ProductType        string `json:"productType"`
	ProductID          string `json:"productId"`
	SendPresentMessage *bool  `json:"sendPresentMessage"`
}

// The refusals, in the platform's words.
// https://developers.line.biz/en/reference/partner-docs/#send-mission-stickers-v3-error-messages
var (
	errNotAllowed = api.Errorf(api.Forbidden, "not allowed to use the API")
	errRequest    = api.Errorf(api.Invalid, "invalid request")
	errNotFound   = api.Errorf(api.NotFound, "not found")
	errArgument   = api.Errorf(api.Invalid, "illegal argument")
	errChannel    = api.Errorf(api.Invalid, "sticker set not available for channel")
	errPeriod     = api.Errorf(api.Invalid, "not in sales period")
	errPerson     = api.Errorf(api.Invalid, "not available")
)

// give lets a person download a mission sticker set. Who has it already keeps it.
// https://developers.line.biz/en/reference/partner-docs/#send-mission-stickers-v3
func (r *Room) give(c *api.Call, in giveBody) (any, error) {
	ch := channel.Caller(c)
	err := r.db.Update(c, func(tx *store.Tx) error {
		sets, err := r.Sets(tx, ch)
		if err != nil {
			return err
		}
		if len(sets) == 0 {
			return errNotAllowed
		}
		if in.ProductType != "STICKER" || in.SendPresentMessage == nil || *in.SendPresentMessage {
			return errRequest
		}
		p, err := r.friends.Resolve(tx, in.To)
		if errors.Is(err, store.ErrNotFound) || err == nil && p.Provider != ch.Provider {
			return errRequest
		}
		if err != nil {
			return err
		}
		if err := available(tx, sets, in.ProductID, p, ch); err != nil {
			return err
		}
		n, err := tx.Exec(`INSERT INTO mission_stickers (person_no, product_id, channel_no, given_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (person_no, product_id) DO NOTHING`, p.No, in.ProductID, ch.No, tx.Millis())
		if n > 0 {
			tx.After(func() {
				r.feed.Publish(feed.Change{Type: "missionSticker", ChannelID: ch.ID, UserIDs: []string{p.UserID}})
			})
		}
		return err
	})
	return api.Empty{}, err
}

// available refuses what the channel cannot give to this person now.
func available(tx *store.Tx, sets []Set, productID string, p *friend.Person, ch *channel.Channel) error {
	at := slices.IndexFunc(sets, func(s Set) bool { return s.ProductID == productID })
	switch {
	case at < 0:
		return unavailable(tx, productID)
	case !sets[at].onSale(tx.Now):
		return errPeriod
	case !sets[at].fits(p, ch):
		return errPerson
	}
	return nil
}

// unavailable says why a set is none of the channel's: it is another's, it is an
// ordinary one, or there is none.
func unavailable(tx *store.Tx, productID string) error {
	if object.IsStickerPackage(productID) {
		return errArgument
	}
	if !ProductID(productID) { // nor could PostgreSQL be asked for every text
		return errNotFound
	}
	err := tx.Row(`SELECT 1 FROM mission_sets WHERE product_id = $1 LIMIT 1`, []any{productID}, new(int64))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return errNotFound
	case err != nil:
		return err
	}
	return errChannel
}

// ProductID says whether a text has the form of a package id: 1 to 20 digits.
func ProductID(s string) bool {
	return len(s) >= 1 && len(s) <= 20 && !slices.ContainsFunc([]byte(s), func(c byte) bool { return c < '0' || c > '9' })
}

// Sticker is a mission sticker set that a person was given.
type Sticker struct {
	ProductID string    `json:"productId"`
	Name      string    `json:"name,omitzero"`
	ChannelID string    `json:"channelId"`
	GivenAt   time.Time `json:"givenAt"`
}

// Stickers lists what a person was given, newest first.
func (r *Room) Stickers(tx *store.Tx, p *friend.Person) ([]Sticker, error) {
	list := []Sticker{}
	err := tx.Each(`SELECT m.product_id, m.channel_no, m.given_at, s.terms FROM mission_stickers m
		JOIN mission_sets s ON s.product_id = m.product_id AND s.channel_no = m.channel_no
		WHERE m.person_no = $1 ORDER BY m.given_at DESC, m.product_id`, []any{p.No},
		func(scan func(...any) error) error {
			var s Sticker
			var set Set
			var channelNo, at int64
			var terms string
			if err := scan(&s.ProductID, &channelNo, &at, &terms); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(terms), &set); err != nil {
				return err
			}
			s.Name = set.Name
			if ch := r.channels.ByNo(channelNo); ch != nil {
				s.ChannelID = ch.ID
			}
			s.GivenAt = time.UnixMilli(at)
			list = append(list, s)
			return nil
		})
	return list, err
}
