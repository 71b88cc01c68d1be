package interaction

import (
	"cmp"
	"errors"
	"slices"

	"kaiwa/internal/kernel/store"
)

// Tally is how often one thing was done, and by how many people.
type Tally struct {
	Kind Kind
	// Seq is the message's place in its request, from 1; All is any of them.
	Seq int64
	// URL is the link opened, "" for any.
	URL           string
	Times, People int64

	link int64
}

// OfRequest tells what was done with a broadcast or narrowcast. Of what was done
// fewer than `least` times nothing is told.
func OfRequest(tx *store.Tx, s Sent, least int64) ([]Tally, error) {
	return tallies(tx, s.subject, Days{All, All}, least)
}

// Days are days as Day counts them, both included.
type Days struct{ From, To int64 }

// OfUnit tells what was done on those days with all that an account sent for an
// aggregation unit.
func OfUnit(tx *store.Tx, channelNo int64, unit string, days Days, least int64) ([]Tally, error) {
	no, err := unitNo(tx, channelNo, unit)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return tallies(tx, -no, days, least)
}

// tallies reads totals: rows a day, not rows a person. Who did something on
// several days of the period counts on the first of them, where the day that
// they did it before lies before the period.
func tallies(tx *store.Tx, subject int64, days Days, least int64) ([]Tally, error) {
	var list []Tally
	err := tx.Each(`SELECT kind, seq, link, CAST(SUM(times) AS BIGINT), CAST(SUM(CASE WHEN prev < $2 THEN people ELSE 0 END) AS BIGINT)
		FROM interaction_totals WHERE subject = $1 AND day >= $2 AND day <= $3 GROUP BY kind, seq, link HAVING SUM(times) >= $4`,
		[]any{subject, days.From, days.To, least}, func(scan func(...any) error) error {
			var t Tally
			err := scan(&t.Kind, &t.Seq, &t.link, &t.Times, &t.People)
			list = append(list, t)
			return err
		})
	if err != nil {
		return nil, err
	}
	for i, t := range list {
		if t.link == All {
			continue
		}
		err := tx.Row(`SELECT url FROM interaction_links WHERE subject = $1 AND link = $2`, []any{subject, t.link}, &list[i].URL)
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.URL, b.URL))
	})
	return list, nil
}
