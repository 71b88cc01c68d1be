package message

import (
	"errors"
	"fmt"
	"regexp"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

var unitName = regexp.MustCompile(`^[a-zA-Z0-9_]{1,30}$`)

// unitsMost is how many names of aggregation units count in one month.
const unitsMost = 1000

// unit reads customAggregationUnits: at most one name.
// https://developers.line.biz/en/docs/messaging-api/unit-based-statistics-aggregation/
func unit(names []string) (string, error) {
	switch {
	case len(names) == 0:
		return "", nil
	case len(names) > 1:
		return "", &api.Error{Code: api.Invalid, Message: "The request body has 1 error(s)",
			Details: []api.Detail{{Message: "Size must be between 0 and 1", Property: "customAggregationUnits"}}}
	case !unitName.MatchString(names[0]):
		return "", invalidProperty(fmt.Sprintf("customAggregationUnits[%d]", 0))
	}
	return names[0], nil
}

// enterUnit writes a new name down. Beyond the month's 1,000 names the message
// is sent all the same and its unit is not recorded.
func (r *Room) enterUnit(tx *store.Tx, s *send) error {
	if s.unit == "" {
		return nil
	}
	month := dateOf(tx.Now).month
	var n int64
	err := tx.Row(`SELECT 1 FROM units WHERE channel_no = $1 AND month = $2 AND name = $3`, []any{s.channel.No, month, s.unit}, &n)
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := tx.Row(`SELECT COUNT(*) FROM units WHERE channel_no = $1 AND month = $2`, []any{s.channel.No, month}, &n); err != nil {
		return err
	}
	if n >= unitsMost {
		s.unit = ""
		return nil
	}
	_, err = tx.Exec(`INSERT INTO units (channel_no, month, name, no) VALUES ($1, $2, $3, $4)`, s.channel.No, month, s.unit, n+1)
	return err
}

type unitCount struct {
	Number int64 `json:"numOfCustomAggregationUnits"`
}

// unitInfo tells how many units the month has used so far.
// https://developers.line.biz/en/reference/messaging-api/#get-number-of-units-used-this-month
func (r *Room) unitInfo(c *api.Call) (any, error) {
	var answer unitCount
	err := r.db.View(c, func(tx *store.Tx) error {
		return tx.Row(`SELECT COUNT(*) FROM units WHERE channel_no = $1 AND month = $2`, []any{channel.Caller(c).No, dateOf(tx.Now).month}, &answer.Number)
	})
	return answer, err
}

type unitList struct {
	Units []string `json:"customAggregationUnits"`
	Next  string   `json:"next,omitzero"`
}

// unitPage is how many names one answer lists at most.
const unitPage = 100

// listUnits lists the units of the month in the order in which they came into
// use, limit at a time. start is the next of the answer before and is good for 24 hours.
// https://developers.line.biz/en/reference/messaging-api/#get-name-list-of-units-used-this-month
func (r *Room) listUnits(c *api.Call) (any, error) {
	ch := channel.Caller(c)
	limit, ok := c.QueryInt("limit")
	if c.Query().Get("limit") == "" {
		limit = unitPage
	}
	if !ok || limit < 1 || limit > unitPage {
		return nil, friend.InvalidParameter("limit")
	}
	var from int64
	if start := c.Query().Get("start"); start != "" {
		if from, ok = ch.ReadPageToken("units", start, c.Now); !ok {
			return nil, api.Errorf(api.Invalid, "Invalid start param")
		}
	}
	answer := unitList{Units: []string{}}
	err := r.db.View(c, func(tx *store.Tx) error {
		return tx.Each(`SELECT name, no FROM units WHERE channel_no = $1 AND month = $2 AND no >= $3 ORDER BY no, name LIMIT $4`,
			[]any{ch.No, dateOf(tx.Now).month, from, limit + 1}, func(scan func(...any) error) error {
				var name string
				var no int64
				err := scan(&name, &no)
				if len(answer.Units) == int(limit) { // one more than asked for begins the next page
					answer.Next = ch.PageToken("units", no, c.Now)
					return err
				}
				answer.Units = append(answer.Units, name)
				return err
			})
	})
	return answer, err
}
