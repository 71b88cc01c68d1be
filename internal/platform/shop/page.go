package shop

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"kaiwa/internal/kernel/api"
)

// page is one page of a list.
type page[T any] struct {
	CurrentPage int64 `json:"currentPage"`
	Data        []T   `json:"data"`
	PerPage     int64 `json:"perPage"`
	TotalPage   int64 `json:"totalPage"`
	TotalRow    int64 `json:"totalRow"`
}

// cut is which page is asked for.
type cut struct{ page, perPage int64 }

func paging(c *api.Call) (cut, error) {
	pg := cut{1, 25}
	for _, p := range []struct {
		name  string
		to    *int64
		most  int64
		words string
	}{{"page", &pg.page, 1 << 40, "must be 1 or more"}, {"perPage", &pg.perPage, 100, "must be 1 to 100"}} {
		if c.Query().Get(p.name) == "" {
			continue
		}
		n, ok := c.QueryInt(p.name)
		if !ok || n < 1 || n > p.most {
			return pg, invalid(p.name, p.words)
		}
		*p.to = n
	}
	return pg, nil
}

// listed is the page without its rows.
func listed[T any](pg cut, total int64) page[T] {
	return page[T]{CurrentPage: pg.page, Data: []T{}, PerPage: pg.perPage, TotalPage: (total + pg.perPage - 1) / pg.perPage, TotalRow: total}
}

// filter is what follows "WHERE shop_no = $1" of a query.
type filter struct {
	where strings.Builder
	args  []any
}

// and adds a condition, in which each ? stands for one of the values.
func (f *filter) and(condition string, values ...any) {
	f.where.WriteString(" AND ")
	for _, part := range strings.SplitAfter(condition, "?") {
		before, found := strings.CutSuffix(part, "?")
		f.where.WriteString(before)
		if found {
			f.where.WriteString("$" + strconv.Itoa(len(f.args)+2))
			f.args = append(f.args, values[0])
			values = values[1:]
		}
	}
}

// in is a list of so many values for a condition.
func in(n int) string { return "IN (?" + strings.Repeat(",?", n-1) + ")" }

// with are the arguments of the query, and then some.
func (f *filter) with(shopNo int64, more ...any) []any {
	return append(append([]any{shopNo}, f.args...), more...)
}

// place is the parameter of the nth of them.
func (f *filter) place(n int) string { return "$" + strconv.Itoa(len(f.args)+1+n) }

func texts(list []string) []any {
	var values []any
	for _, s := range list {
		values = append(values, s)
	}
	return values
}

// plain refuses texts that PostgreSQL could not be asked for.
func plain(name string, list ...string) error {
	for _, s := range list {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			return invalid(name, "must be text")
		}
	}
	return nil
}
