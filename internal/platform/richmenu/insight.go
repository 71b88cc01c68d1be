package richmenu

import (
	"strconv"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/object"
)

const (
	summaryMost = 396 // days between the first and the last one asked for
	dailyMost   = 99
	// clickersLeast is how many people must have clicked before numbers are told.
	clickersLeast = 20
)

// japan is the time zone in which the platform counts days.
var japan = time.FixedZone("UTC+9", 9*60*60)

const dayForm = "20060102"

// dayOf is the day of an instant as a number: 20260115.
func dayOf(t time.Time) int64 {
	y, m, d := t.In(japan).Date()
	return int64(y*10000 + int(m)*100 + d)
}

// period is the days asked for, both included.
type period struct{ from, to time.Time }

// periodOf reads from and to, and refuses what is no period that can be asked for.
func periodOf(c *api.Call, most int) (p period, err error) {
	var err1, err2 error
	p.from, err1 = time.ParseInLocation(dayForm, c.Query().Get("from"), japan)
	p.to, err2 = time.ParseInLocation(dayForm, c.Query().Get("to"), japan)
	y, m, d := c.Now.In(japan).Date()
	first := time.Date(y-3, m, d, 0, 0, 0, 0, japan)
	switch {
	case err1 != nil || err2 != nil:
		err = api.Errorf(api.Invalid, "Bad Request")
	case p.to.Before(p.from):
		err = api.Errorf(api.Invalid, "Parameter to must be the same date as, or after parameter from.")
	case p.to.After(p.from.AddDate(0, 0, most)):
		err = api.Errorf(api.Invalid, "Date range exceeds. Max range is %d days.", most)
	case p.from.Before(first):
		err = api.Errorf(api.Invalid, "Parameter from must be the same date as, or after %s.", first.Format(time.DateOnly))
	}
	return p, err
}

// metrics are how often, and by how many people.
type metrics struct {
	Date        string `json:"date,omitzero"` // of a day's
	Count       int64  `json:"count"`
	UniqueUsers int64  `json:"uniqueUsers"`
}

// insight is the answer of both operations; M is metrics, or one for each day.
// Only the id is left while too few people have clicked.
type insight[M any] struct {
	RichMenuID  string          `json:"richMenuId"`
	MetricsFrom string          `json:"metricsFrom,omitzero"`
	MetricsTo   string          `json:"metricsTo,omitzero"`
	Impression  *impressions[M] `json:"impression,omitzero"`
	Clicks      []clicks[M]     `json:"clicks,omitzero"`
}

type impressions[M any] struct {
	Metrics M `json:"metrics"`
}

type clicks[M any] struct {
	Bounds  object.Bounds `json:"bounds"`
	Metrics M             `json:"metrics"`
}

// numbers are what is known of a menu in a period.
type numbers struct {
	menu *Menu
	// first and last are the days between which there are any, 0 when they are
	// not told.
	first, last int64
}

// summary tells how often a menu was seen and its areas clicked in a period of
// up to 396 days (UTC+9): 400 for a wrong one, 404.
// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-insight-summary
func (r *Room) summary(c *api.Call) (any, error) {
	var a insight[metrics]
	err := r.told(c, summaryMost, func(tx *store.Tx, n numbers) error {
		found := map[int64]metrics{}
		err := tx.Each(`SELECT area, CAST(SUM(times) AS BIGINT), COUNT(DISTINCT person_no) FROM rich_menu_counts
			WHERE menu_no = $1 AND day BETWEEN $2 AND $3 GROUP BY area`, []any{n.menu.No, n.first, n.last}, func(scan func(...any) error) error {
			var area int64
			var m metrics
			err := scan(&area, &m.Count, &m.UniqueUsers)
			found[area] = m
			return err
		})
		if err != nil {
			return err
		}
		a, err = answerOf(n, func(area int64) metrics { return found[area] })
		return err
	})
	return a, err
}

// daily tells the same for each day of up to 99.
// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-insight-daily
func (r *Room) daily(c *api.Call) (any, error) {
	var a insight[[]metrics]
	err := r.told(c, dailyMost, func(tx *store.Tx, n numbers) error {
		type cell struct{ area, day int64 }
		found := map[cell]metrics{}
		err := tx.Each(`SELECT area, day, CAST(SUM(times) AS BIGINT), COUNT(*) FROM rich_menu_counts
			WHERE menu_no = $1 AND day BETWEEN $2 AND $3 GROUP BY area, day`, []any{n.menu.No, n.first, n.last}, func(scan func(...any) error) error {
			var at cell
			var m metrics
			err := scan(&at.area, &at.day, &m.Count, &m.UniqueUsers)
			found[at] = m
			return err
		})
		if err != nil {
			return err
		}
		days := n.days()
		a, err = answerOf(n, func(area int64) []metrics {
			list := make([]metrics, len(days))
			for i, day := range days {
				list[i] = found[cell{area, day}]
				list[i].Date = strconv.FormatInt(day, 10)
			}
			return list
		})
		return err
	})
	return a, err
}

// told finds what there is to tell of a menu, and has it told. A day's numbers
// are ready when the day is over.
func (r *Room) told(c *api.Call, most int, tell func(*store.Tx, numbers) error) error {
	p, err := periodOf(c, most)
	if err != nil {
		return err
	}
	return r.db.View(c, func(tx *store.Tx) error {
		m, err := find(tx, channel.Caller(c), c.Path("richMenuId"))
		if err != nil {
			return orElse(err, errNotFound)
		}
		n := numbers{menu: m}
		var clickers int64
		to := min(dayOf(p.to), dayOf(tx.Now.AddDate(0, 0, -1)))
		err = tx.Row(`SELECT COALESCE(MIN(day), 0), COALESCE(MAX(day), 0), COUNT(DISTINCT CASE WHEN area >= 0 THEN person_no END)
			FROM rich_menu_counts WHERE menu_no = $1 AND day BETWEEN $2 AND $3`, []any{m.No, dayOf(p.from), to}, &n.first, &n.last, &clickers)
		if err != nil {
			return err
		}
		if clickers < clickersLeast {
			n.first, n.last = 0, 0
		}
		return tell(tx, n)
	})
}

// days are all days from the first to the last.
func (n numbers) days() (list []int64) {
	if n.first == 0 {
		return nil
	}
	t := time.Date(int(n.first/10000), time.Month(n.first/100%100), int(n.first%100), 12, 0, 0, 0, japan)
	for ; dayOf(t) <= n.last; t = t.AddDate(0, 0, 1) {
		list = append(list, dayOf(t))
	}
	return list
}

// answerOf puts together what is known of each area.
func answerOf[M any](n numbers, of func(area int64) M) (insight[M], error) {
	a := insight[M]{RichMenuID: n.menu.ID}
	if n.first == 0 {
		return a, nil
	}
	areas, err := n.menu.Areas()
	if err != nil {
		return a, err
	}
	a.MetricsFrom, a.MetricsTo = strconv.FormatInt(n.first, 10), strconv.FormatInt(n.last, 10)
	a.Impression = &impressions[M]{of(impression)}
	a.Clicks = make([]clicks[M], len(areas))
	for i, area := range areas {
		a.Clicks[i] = clicks[M]{area.Bounds, of(int64(i))}
	}
	return a, nil
}
