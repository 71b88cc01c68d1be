package mission

import (
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// Set is a sticker set that a channel may give. Its period may be open at either
// end; without countries or devices it is for all.
type Set struct {
	ProductID string     `json:"productId"` // a package id: digits
	Name      string     `json:"name,omitzero"`
	From      *time.Time `json:"from,omitzero"`
	Until     *time.Time `json:"until,omitzero"`
	Countries []string   `json:"countries,omitzero"` // JP, TW, TH, ID
	Devices   []string   `json:"devices,omitzero"`   // ios, android
}

// Put lets the channel give these sets.
func (r *Room) Put(tx *store.Tx, ch *channel.Channel, sets []Set) error {
	for i, s := range sets {
		text, err := json.Marshal(s)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO mission_sets (product_id, channel_no, place, terms) VALUES ($1, $2, $3, $4)`, s.ProductID, ch.No, i, string(text))
		if err != nil {
			return err
		}
	}
	return nil
}

// Sets lists what the channel may give.
func (r *Room) Sets(tx *store.Tx, ch *channel.Channel) ([]Set, error) {
	var list []Set
	err := tx.Each(`SELECT terms FROM mission_sets WHERE channel_no = $1 ORDER BY place`, []any{ch.No}, func(scan func(...any) error) error {
		var s Set
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(text), &s)
		list = append(list, s)
		return err
	})
	return list, err
}

func (s Set) onSale(now time.Time) bool {
	return (s.From == nil || !now.Before(*s.From)) && (s.Until == nil || now.Before(*s.Until))
}

// fits says whether the set can be had where the person lives and on what they use.
func (s Set) fits(p *friend.Person, ch *channel.Channel) bool {
	d := p.Profile.Demographics
	return (len(s.Countries) == 0 || slices.Contains(s.Countries, country(d.Area, ch))) &&
		(len(s.Devices) == 0 || d.AppType == "" || slices.Contains(s.Devices, d.AppType))
}

// country is where the area of that code lies (jp_13 is Tokyo); who tells none
// lives where the account is.
func country(area string, ch *channel.Channel) string {
	if code, _, ok := strings.Cut(area, "_"); ok {
		return strings.ToUpper(code)
	}
	return ch.Account.Country
}
