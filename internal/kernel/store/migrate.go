package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"
)

// migrate applies the files that the store has not seen, all in one transaction.
func migrate(ctx context.Context, d dialect, s *session, files fs.FS) error {
	if files == nil {
		return nil
	}
	steps, err := steps(files)
	if err != nil {
		return err
	}
	if err := s.begin(ctx, d.beginWrite()); err != nil {
		return err
	}
	if err := apply(ctx, d, s, steps); err != nil {
		s.end("ROLLBACK")
		return err
	}
	return s.exec(ctx, "COMMIT")
}

type step struct {
	version int
	name    string
	text    string
}

func steps(files fs.FS) ([]step, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var out []step
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		v, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("migration %s: the name must begin with its number", name)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		out = append(out, step{v, name, string(text)})
	}
	return out, nil
}

func apply(ctx context.Context, d dialect, s *session, steps []step) error {
	tx := &Tx{s: s, ctx: ctx}
	var ours, all int
	if err := tx.Row(d.census(), nil, &ours, &all); err != nil {
		return err
	}
	if all > 0 && ours == 0 {
		return ErrForeign
	}
	for _, q := range []string{
		`CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)`,
		`CREATE TABLE IF NOT EXISTS counters (name TEXT NOT NULL, scope TEXT NOT NULL, period TEXT NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (name, scope, period))`,
	} {
		if err := s.exec(ctx, q); err != nil {
			return err
		}
	}
	var have int
	if err := tx.Row(`SELECT version FROM schema_version`, nil, &have); errors.Is(err, ErrNotFound) {
		if err := s.exec(ctx, `INSERT INTO schema_version (version) VALUES (0)`); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	latest := have
	for _, st := range steps {
		if st.version > latest {
			latest = st.version
		}
	}
	if len(steps) > 0 && have > steps[len(steps)-1].version {
		return fmt.Errorf("%w: it has schema %d, this program knows %d", ErrNewer, have, steps[len(steps)-1].version)
	}
	for _, st := range steps {
		if st.version <= have {
			continue
		}
		for _, q := range statements(st.text) {
			if err := s.conn.run(ctx, d.schema(q)); err != nil {
				return fmt.Errorf("migration %s: %w", st.name, err)
			}
		}
	}
	_, err := s.change(ctx, `UPDATE schema_version SET version = $1`, []any{latest})
	return err
}

// statements splits a file at semicolons; migrations hold no literals with one.
func statements(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if i := strings.Index(line, "--"); i >= 0 {
			line = line[:i] + "\n"
		}
		lines = append(lines, line)
	}
	var out []string
	for _, q := range strings.Split(strings.Join(lines, ""), ";") {
		if q = strings.TrimSpace(q); q != "" {
			out = append(out, q)
		}
	}
	return out
}
