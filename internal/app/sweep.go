package app

import (
	"context"
	"errors"
	"time"
)

// sweepEvery is how often what has expired is cleared away, in real time.
const sweepEvery = time.Hour

// sweep keeps the store from growing by what nobody can use any more.
func (a *App) sweep(ctx context.Context) {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
		now := a.clock.Now()
		err := errors.Join(a.messages.Sweep(ctx, now), a.hooks.Sweep(ctx, now), a.audiences.Sweep(ctx, now), a.richMenus.Sweep(ctx, now),
			a.pnp.Sweep(ctx, now), a.modules.Sweep(ctx, now), a.login.Sweep(ctx, now), a.miniApps.Sweep(ctx, now), a.links.Sweep(ctx, now))
		if err != nil && ctx.Err() == nil {
			a.log.Warn("what has expired could not be cleared away", "error", err.Error())
		}
	}
}
