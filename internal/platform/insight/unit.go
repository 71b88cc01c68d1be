package insight

import (
	"regexp"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/interaction"
)

type unitAnswer struct {
	Overview overview     `json:"overview"`
	Messages []unitPlayed `json:"messages"`
	Clicks   []clicks     `json:"clicks"`
}

// unitPlayed is played with the one number more that units have.
type unitPlayed struct {
	Seq              int64  `json:"seq"`
	Impression       *int64 `json:"impression"`
	UniqueImpression *int64 `json:"uniqueImpression"`
	media            `json:",inline"`
}

// unitName is the form of a unit's name; of others there is nothing to tell.
var unitName = regexp.MustCompile(`^[a-zA-Z0-9_]{1,30}$`)

// periodMost is how many days after the first day the last may be.
const periodMost = 30

// unit tells what people did, in a period of days, with what was sent for an
// aggregation unit.
// https://developers.line.biz/en/reference/messaging-api/#get-statistics-per-unit
func (r *Room) unit(c *api.Call) (any, error) {
	name := c.Query().Get("customAggregationUnit")
	from, err1 := parse(c.Query().Get("from"))
	to, err2 := parse(c.Query().Get("to"))
	if name == "" || err1 != nil || err2 != nil || to.Before(from) || to.After(from.AddDate(0, 0, periodMost)) {
		return api.Status{Code: 400, Body: noStatistics{}}, nil
	}
	a := unitAnswer{Messages: []unitPlayed{}, Clicks: []clicks{}}
	if !unitName.MatchString(name) {
		return a, nil
	}
	err := r.db.View(c, func(tx *store.Tx) error {
		days := interaction.Days{From: interaction.Day(from), To: interaction.Day(to)}
		list, err := interaction.OfUnit(tx, channel.Caller(c).No, name, days, least)
		s := summarise(list)
		a.Overview, a.Clicks = s.overview, s.clicks
		for _, m := range s.messages {
			a.Messages = append(a.Messages, unitPlayed{m.Seq, m.Impression, m.uniqueImpression, m.media})
		}
		return err
	})
	return a, err
}

// noStatistics is the refusal of this one operation: four nulls.
type noStatistics struct {
	Message    *string `json:"message"`
	Key        *string `json:"key"`
	Stacktrace *string `json:"stacktrace"`
	Code       *string `json:"code"`
}
