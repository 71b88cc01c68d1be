package sim

import (
	"unicode/utf8"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/platform/webhook"
)

func (r *Room) webhooks(c *api.Call) (any, error) {
	limit, ok := c.QueryInt("limit")
	if !ok {
		return nil, api.Errorf(api.Invalid, "limit: a whole number")
	}
	if err := r.known(c, "", c.Query().Get("channelId")); err != nil {
		return nil, err
	}
	return r.Hooks.Log(c, webhook.LogQuery{ChannelID: c.Query().Get("channelId"), Limit: int(limit), Cursor: c.Query().Get("cursor")})
}

func (r *Room) redeliver(c *api.Call) (any, error) {
	eventID := c.Path("webhookEventId")
	if !utf8.ValidString(eventID) {
		return nil, api.Errorf(api.NotFound, "No webhook event has such an id")
	}
	return api.Object{}, r.Hooks.Redeliver(c, eventID)
}

func (r *Room) requests(c *api.Call) (any, error) {
	limit, ok := c.QueryInt("limit")
	before, okBefore := c.QueryInt("cursor")
	if !ok || !okBefore || limit < 0 || limit > 1000 {
		return nil, api.Errorf(api.Invalid, "limit: 1 to 1000; cursor: a whole number")
	}
	if limit == 0 {
		limit = 100
	}
	return map[string][]api.Request{"requests": r.Requests.List(c.Query().Get("channelId"), int(limit), before)}, nil
}

// reset brings the world file's state back. The clock is not moved meanwhile.
func (r *Room) reset(c *api.Call) (any, error) {
	r.moving.Lock()
	defer r.moving.Unlock()
	if err := r.Config.Reset(c); err != nil {
		return nil, err
	}
	r.Limits.Reset()
	r.Feed.Publish(feed.Change{Type: "reset"})
	return api.Object{}, nil
}
