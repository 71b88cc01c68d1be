package sim

import (
	"context"
	"errors"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
)

// ClockView is the server's clock.
type ClockView struct {
	Now  string `json:"now"`
	Mode string `json:"mode"` // virtual or real
}

// ClockChange moves it; exactly one member is given.
type ClockChange struct {
	Advance string `json:"advance"` // a Go duration, forward
	Set     string `json:"set"`     // RFC 3339, forward
	Mode    string `json:"mode"`    // real
}

// ClockNow tells the time.
func (r *Room) ClockNow() ClockView {
	mode := "real"
	if r.Clock.Virtual() {
		mode = "virtual"
	}
	return ClockView{r.Clock.Now().Format("2006-01-02T15:04:05.000Z07:00"), mode}
}

func (r *Room) getClock(*api.Call) (any, error) { return r.ClockNow(), nil }

func (r *Room) setClock(c *api.Call, in ClockChange) (any, error) { return r.MoveClock(c, in) }

// MoveClock moves the clock and returns when all that is due by then has happened.
func (r *Room) MoveClock(ctx context.Context, in ClockChange) (ClockView, error) {
	r.moving.Lock()
	defer r.moving.Unlock()
	to, err := in.target(r.Clock.Now())
	if err != nil {
		return ClockView{}, err
	}
	if in.Mode != "" {
		r.Clock.Real()
	} else {
		if !r.Clock.Virtual() {
			r.Clock.Set(r.Clock.Now())
		}
		// Ahead of the way there, on which rows get times up to the new one: after a
		// kill the clock must not run behind them.
		if err := r.saveClock(ctx, r.Clock.Offset()+to.Sub(r.Clock.Now())); err != nil {
			return ClockView{}, err
		}
		if err := r.Queue.Advance(ctx, to); err != nil {
			return ClockView{}, errors.Join(err, r.SaveClock(context.WithoutCancel(ctx)))
		}
	}
	if err := r.SaveClock(ctx); err != nil {
		return ClockView{}, err
	}
	r.Feed.Publish(feed.Change{Type: "clock", Data: r.ClockNow()})
	return r.ClockNow(), nil
}

// lastInstant is as far as the clock goes: the ids that begin with the time have
// room for some years more.
var lastInstant = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// target is the instant to move to: now for a change to real time.
func (in ClockChange) target(now time.Time) (time.Time, error) {
	to, err := in.meant(now)
	if err == nil && to.After(lastInstant) {
		err = api.Errorf(api.Invalid, "the clock goes to the year 2200 and no further")
	}
	return to, err
}

func (in ClockChange) meant(now time.Time) (time.Time, error) {
	given := 0
	for _, s := range []string{in.Advance, in.Set, in.Mode} {
		if s != "" {
			given++
		}
	}
	switch {
	case given != 1:
		return now, api.Errorf(api.Invalid, `give one of advance, set and mode`)
	case in.Advance != "":
		d, err := time.ParseDuration(in.Advance)
		if err != nil || d < 0 {
			return now, api.Errorf(api.Invalid, "advance: a duration such as 36h or 23h59m59s, forward only")
		}
		return now.Add(d), nil
	case in.Set != "":
		t, err := time.Parse(time.RFC3339Nano, in.Set)
		if err != nil {
			return now, api.Errorf(api.Invalid, "set: an RFC 3339 time such as 2026-01-15T09:00:00+09:00")
		}
		if t.Before(now) {
			return now, api.Errorf(api.Conflict, "set: the clock goes forward only, it is %s", now.Format(time.RFC3339))
		}
		return t, nil
	case in.Mode != "real":
		return now, api.Errorf(api.Invalid, "mode: only real can be asked for; advance and set make the clock virtual")
	}
	return now, nil
}

// clockKept is what is kept of the clock: how far it is ahead of real time.
type clockKept struct {
	Virtual bool  `json:"virtual"`
	Ahead   int64 `json:"aheadNanoseconds"`
}

// SaveClock writes the clock down, so that it goes on after a restart.
func (r *Room) SaveClock(ctx context.Context) error { return r.saveClock(ctx, r.Clock.Offset()) }

func (r *Room) saveClock(ctx context.Context, ahead time.Duration) error {
	return r.save(ctx, "clock", clockKept{r.Clock.Virtual(), int64(ahead)})
}

// Restore sets the clock and the faults as they were when the server last ran.
func (r *Room) Restore(ctx context.Context) error {
	var kept clockKept
	if err := r.load(ctx, "clock", &kept); err != nil {
		return err
	}
	r.Clock.Restore(kept.Virtual, time.Duration(kept.Ahead))
	var f faultsKept
	if err := r.load(ctx, "faults", &f); err != nil {
		return err
	}
	r.useFaults(f)
	return nil
}

func (r *Room) save(ctx context.Context, name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return r.DB.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, string(b))
		return err
	})
}

// load leaves v alone when nothing is kept under the name.
func (r *Room) load(ctx context.Context, name string, v any) error {
	return r.DB.View(ctx, func(tx *store.Tx) error {
		var text string
		err := tx.Row(`SELECT value FROM settings WHERE name = $1`, []any{name}, &text)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), v)
	})
}
