package interaction

import (
	"fmt"
	"strings"

	"kaiwa/internal/kernel/store"
)

// deed is something that a person did to a subject, to be counted on a day.
type deed struct {
	what
	day, times int64
	// once: nobody can do it twice, so it is not written down who did it.
	once bool
}

// what is counted apart within a subject.
type what struct {
	subject   int64
	kind      Kind
	seq, link int64
}

// none stands for the day before the first.
const none = -1

// note writes down what a person did. No two of the deeds may be of one kind.
func note(tx *store.Tx, personNo int64, deeds []deed) error {
	var people []deed
	for _, d := range deeds {
		if !d.once {
			people = append(people, d)
		}
	}
	news := map[what]int64{}
	err := parts(people, func(part []deed) error { return enter(tx, personNo, part, news) })
	if err != nil {
		return err
	}
	return parts(deeds, func(part []deed) error { return add(tx, part, news) })
}

// partMost is how many rows one statement writes at most.
const partMost = 64

// parts cuts a list into pieces of few different lengths, so that few texts of
// statements are to be prepared.
func parts(deeds []deed, do func([]deed) error) error {
	for n := partMost; n > 0; n /= 2 {
		for len(deeds) >= n {
			if err := do(deeds[:n]); err != nil {
				return err
			}
			deeds = deeds[n:]
		}
	}
	return nil
}

// enter puts the person down for each deed, and tells for which they are new
// on that day, with the day on which they did it last.
func enter(tx *store.Tx, personNo int64, deeds []deed, news map[what]int64) error {
	args := []any{personNo}
	var rows []string
	for _, d := range deeds {
		n := len(args)
		rows = append(rows, fmt.Sprintf("($%d, $%d, $%d, $%d, $1, $%d, -1)", n+1, n+2, n+3, n+4, n+5))
		args = append(args, d.subject, int64(d.kind), d.seq, d.link, d.day)
	}
	return tx.Each(`INSERT INTO interaction_people (subject, kind, seq, link, person_no, day, prev) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (subject, kind, seq, link, person_no) DO UPDATE SET prev = interaction_people.day, day = excluded.day
		WHERE interaction_people.day < excluded.day RETURNING subject, kind, seq, link, prev`, args, func(scan func(...any) error) error {
		var w what
		var prev int64
		err := scan(&w.subject, &w.kind, &w.seq, &w.link, &prev)
		news[w] = prev
		return err
	})
}

// add adds to the totals.
func add(tx *store.Tx, deeds []deed, news map[what]int64) error {
	var args []any
	var rows []string
	for _, d := range deeds {
		prev, people := d.day, 0
		if before, isNew := news[d.what]; isNew {
			prev, people = before, 1
		} else if d.once {
			prev, people = none, 1
		}
		n := len(args)
		rows = append(rows, fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d)", n+1, n+2, n+3, n+4, n+5, n+6, n+7, n+8))
		args = append(args, d.subject, d.day, int64(d.kind), d.seq, d.link, prev, d.times, people)
	}
	_, err := tx.Exec(`INSERT INTO interaction_totals (subject, day, kind, seq, link, prev, times, people) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (subject, day, kind, seq, link, prev) DO UPDATE SET times = interaction_totals.times + excluded.times,
		people = interaction_totals.people + excluded.people`, args...)
	return err
}
