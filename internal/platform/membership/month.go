package membership

import "time"

// term is how long somebody has been in a plan: since when, and the months that
// were paid for one by one, the first included.
type term struct {
	joined time.Time
	paid   int
}

// months are those that the person has been subscribed for, the running one
// included. Whoever does not leave renews as the clock goes on.
func (t term) months(now time.Time) int {
	first := date(t.joined)
	today := date(now)
	n := (today.Year()-first.Year())*12 + int(today.Month()) - int(first.Month())
	if after(first, n).After(today) {
		n--
	}
	return max(t.paid, n+1)
}

// nextBilling is the day on which the month after the running one is paid.
func (t term) nextBilling(now time.Time) string {
	return after(date(t.joined), t.months(now)).Format(time.DateOnly)
}

// renewed is the term after a renewal: the one that the clock has brought
// already, or one ahead of its day.
func (t term) renewed(now time.Time) term {
	if n := t.months(now); n > t.paid {
		t.paid = n
	} else {
		t.paid++
	}
	return t
}

// date is the day in Japan, at its beginning.
func date(t time.Time) time.Time {
	y, m, d := t.In(tokyo).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, tokyo)
}

// after is the same day some months later, or the last of that month where it has no such day.
func after(day time.Time, months int) time.Time {
	last := time.Date(day.Year(), day.Month()+time.Month(months)+1, 0, 0, 0, 0, 0, tokyo)
	return time.Date(last.Year(), last.Month(), min(day.Day(), last.Day()), 0, 0, 0, 0, tokyo)
}
