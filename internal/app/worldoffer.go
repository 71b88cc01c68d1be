package app

import (
	"fmt"
	"strconv"
	"time"

	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/membership"
	"kaiwa/internal/platform/mission"
)

// membershipEntry is a plan as one makes it in LINE Official Account Manager.
type membershipEntry struct {
	MembershipID    int64    `yaml:"membershipId"`
	Title           string   `yaml:"title"`
	Description     string   `yaml:"description"`
	Benefits        []string `yaml:"benefits"`
	Price           *float64 `yaml:"price"`
	Currency        string   `yaml:"currency"`
	MemberLimit     *int64   `yaml:"memberLimit"`
	IsInAppPurchase *bool    `yaml:"isInAppPurchase"`
	IsPublished     *bool    `yaml:"isPublished"`
}

// missionEntry is a mission sticker set that the channel may give.
type missionEntry struct {
	ProductID   string `yaml:"productId"`
	Name        string `yaml:"name"`
	SalesPeriod struct {
		From  string `yaml:"from"`
		Until string `yaml:"until"`
	} `yaml:"salesPeriod"`
	Countries []string `yaml:"countries"`
	Devices   []string `yaml:"devices"`

	from, until *time.Time
}

const (
	plansMost    = 5
	benefitsMost = 5
	firstPlan    = 3001 // the first id that is made up
)

// numberPlans gives those without an id the next ones that nobody has.
func (w *World) numberPlans() {
	given := map[int64]bool{}
	for _, p := range w.Providers {
		for _, e := range p.Channels {
			for _, m := range e.Memberships {
				given[m.MembershipID] = true
			}
		}
	}
	next := int64(firstPlan)
	for _, p := range w.Providers {
		for _, e := range p.Channels {
			for i := range e.Memberships {
				if e.Memberships[i].MembershipID != 0 {
					continue
				}
				for given[next] {
					next++
				}
				given[next], e.Memberships[i].MembershipID = true, next
			}
		}
	}
}

// offers completes and checks what the account offers beside messages.
func (e *channelEntry) offers(known map[string]string) error {
	if e.Type != channel.Messaging && len(e.Memberships)+len(e.MissionStickers) > 0 {
		return fmt.Errorf("memberships, missionStickers: only messaging channels have them")
	}
	if n := len(e.Memberships); n > plansMost {
		return fmt.Errorf("memberships: %d, an account has %d at most", n, plansMost)
	}
	for i := range e.Memberships {
		if err := e.Memberships[i].complete(i, e.Account.Country, known); err != nil {
			return fmt.Errorf("memberships[%d].%w", i, err)
		}
	}
	sets := map[string]bool{}
	for i := range e.MissionStickers {
		m := &e.MissionStickers[i]
		if err := m.complete(e.ID, i); err != nil {
			return fmt.Errorf("missionStickers[%d].%w", i, err)
		}
		if sets[m.ProductID] {
			return fmt.Errorf("missionStickers[%d].productId: %s is there twice", i, m.ProductID)
		}
		sets[m.ProductID] = true
	}
	return nil
}

func (m *membershipEntry) complete(position int, country string, known map[string]string) error {
	fill(&m.Title, "Plan "+strconv.Itoa(position+1))
	fill(&m.Description, m.Title)
	fill(&m.Currency, channel.Currency(country))
	if m.Benefits == nil {
		m.Benefits = []string{m.Title}
	}
	if m.Price == nil {
		m.Price = new(float64)
		*m.Price = 500
	}
	switch n := len(m.Benefits); {
	case m.MembershipID < 1 || m.MembershipID > 1<<31-1:
		return fmt.Errorf("membershipId: %d is not 1 to 2147483647", m.MembershipID)
	case n < 1 || n > benefitsMost:
		return fmt.Errorf("benefits: %d, a plan has 1 to %d", n, benefitsMost)
	case *m.Price < 0 || *m.Price > 1e9:
		return fmt.Errorf("price: %v is not 0 to 1000000000", *m.Price)
	case !oneOf(m.Currency, []string{"JPY", "TWD", "THB"}):
		return fmt.Errorf("currency: %q is none of JPY, TWD, THB", m.Currency)
	case m.MemberLimit != nil && *m.MemberLimit < 1:
		return fmt.Errorf("memberLimit: %d is below 1", *m.MemberLimit)
	}
	return take(known, fmt.Sprintf("membership %d", m.MembershipID), "membership")
}

func (m *missionEntry) complete(channelID string, position int) error {
	if m.ProductID == "" {
		n, err := strconv.ParseInt(id.Derived("mission", channelID, strconv.Itoa(position))[:7], 16, 64)
		if err != nil {
			return err
		}
		m.ProductID = strconv.FormatInt(n, 10)
	}
	if !mission.ProductID(m.ProductID) {
		return fmt.Errorf("productId: %q is not 1 to 20 digits", m.ProductID)
	}
	var err error
	if m.from, err = instant(m.SalesPeriod.From); err != nil {
		return err
	}
	if m.until, err = instant(m.SalesPeriod.Until); err != nil {
		return err
	}
	if m.from != nil && m.until != nil && !m.until.After(*m.from) {
		return fmt.Errorf("salesPeriod: it ends before it begins")
	}
	for _, c := range m.Countries {
		if !oneOf(c, []string{"JP", "TW", "TH", "ID"}) {
			return fmt.Errorf("countries: %q is none of JP, TW, TH, ID", c)
		}
	}
	for _, d := range m.Devices {
		if !oneOf(d, []string{"ios", "android"}) {
			return fmt.Errorf("devices: %q is none of ios, android", d)
		}
	}
	return nil
}

func instant(text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, fmt.Errorf("salesPeriod: %q is no RFC 3339 time such as 2026-01-15T09:00:00+09:00", text)
	}
	return &t, nil
}

// loadOffers brings the plans and sticker sets of a channel into the store.
func (a *App) loadOffers(tx *store.Tx, ch *channel.Channel, e channelEntry) error {
	var plans []membership.Offer
	for _, m := range e.Memberships {
		plans = append(plans, membership.Offer{
			Plan: membership.Plan{MembershipID: m.MembershipID, Title: m.Title, Description: m.Description, Benefits: m.Benefits,
				Price: membership.Price(*m.Price), Currency: m.Currency},
			MemberLimit: m.MemberLimit, IsInAppPurchase: m.IsInAppPurchase == nil || *m.IsInAppPurchase, IsPublished: m.IsPublished == nil || *m.IsPublished})
	}
	if err := a.memberships.Put(tx, ch, plans); err != nil {
		return err
	}
	var sets []mission.Set
	for _, m := range e.MissionStickers {
		sets = append(sets, mission.Set{ProductID: m.ProductID, Name: m.Name, From: m.from, Until: m.until, Countries: m.Countries, Devices: m.Devices})
	}
	return a.missions.Put(tx, ch, sets)
}
