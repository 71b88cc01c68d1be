package message

import (
	"errors"
	"fmt"
	"regexp"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
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
	_, err = tx.Exec(`INSERT INTO units (channel_no, month, name) VALUES ($1, $2, $3)`, s.channel.No, month, s.unit)
	return err
}
