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
}

// what is counted apart within a subject.
type what struct {
	subject   int64
	kind      Kind
	seq, link int64
}

// note writes down what a person did. No two of the deeds may be of one kind.
func note(tx *store.Tx, personNo int64, deeds []deed) error {
	news := make(map[what]int64, len(deeds))
	err := parts(deeds, func(part []deed) error { return enter(tx, personNo, part, news) })
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

// texts are a statement for each length of a part, with a row of parameters for
// each deed: of so many numbers, the first of which is given.
func texts(before string, first, width int, row, after string) map[int]string {
	list := map[int]string{}
	for n := partMost; n > 0; n /= 2 {
		rows := make([]string, n)
		for i := range rows {
			var numbers []any
			for k := range width {
				numbers = append(numbers, first+i*width+k)
			}
			rows[i] = fmt.Sprintf(row, numbers...)
		}
		list[n] = before + strings.Join(rows, ", ") + after
	}
	return list
}

var entering = texts(`INSERT INTO interaction_people (subject, kind, seq, link, person_no, day, prev) VALUES `, 2, 5, `($%d, $%d, $%d, $%d, $1, $%d, -1)`,
	` ON CONFLICT (subject, kind, seq, link, person_no) DO UPDATE SET prev = interaction_people.day, day = excluded.day
	WHERE interaction_people.day < excluded.day RETURNING subject, kind, seq, link, prev`)

// enter puts the person down for each deed, and tells for which they are new
// on that day, with the day on which they did it last.
func enter(tx *store.Tx, personNo int64, deeds []deed, news map[what]int64) error {
	args := append(make([]any, 0, 1+5*len(deeds)), personNo)
	for _, d := range deeds {
		args = append(args, d.subject, int64(d.kind), d.seq, d.link, d.day)
	}
	return tx.Each(entering[len(deeds)], args, func(scan func(...any) error) error {
		var w what
		var prev int64
		err := scan(&w.subject, &w.kind, &w.seq, &w.link, &prev)
		news[w] = prev
		return err
	})
}

var adding = texts(`INSERT INTO interaction_totals (subject, day, kind, seq, link, prev, times, people) VALUES `, 1, 8,
	`($%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d)`, ` ON CONFLICT (subject, day, kind, seq, link, prev) DO UPDATE SET
	times = interaction_totals.times + excluded.times, people = interaction_totals.people + excluded.people`)

// add adds to the totals.
func add(tx *store.Tx, deeds []deed, news map[what]int64) error {
	args := make([]any, 0, 8*len(deeds))
	for _, d := range deeds {
		prev, people := d.day, int64(0)
		if before, isNew := news[d.what]; isNew {
			prev, people = before, 1
		}
		args = append(args, d.subject, d.day, int64(d.kind), d.seq, d.link, prev, d.times, people)
	}
	_, err := tx.Exec(adding[len(deeds)], args...)
	return err
}
