package sim

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/webhook"
)

// heartbeat keeps an idle event stream from being cut by what lies between.
const heartbeat = 15 * time.Second

// events streams what changes as Server-Sent Events: for one person (userId),
// for one channel (channelId), or all. Last-Event-ID resumes; a "reload" event
// says that some changes were missed.
func (r *Room) events(c *api.Call) (any, error) {
	userID, channelID := c.Query().Get("userId"), c.Query().Get("channelId")
	after, _ := strconv.ParseInt(c.Header("Last-Event-ID"), 10, 64)
	listener, complete := r.Feed.Listen(after)
	c.SetHeader("Cache-Control", "no-store")
	return api.Stream{Type: "text/event-stream", Write: func(w io.Writer, flush func()) error {
		defer listener.Close()
		fmt.Fprint(w, ": kaiwa\n\n")
		if !complete {
			fmt.Fprintf(w, "id: %d\nevent: reload\ndata: {}\n\n", r.Feed.Last())
		}
		flush()
		beat := time.NewTicker(heartbeat)
		defer beat.Stop()
		for {
			select {
			case change, open := <-listener.C:
				if !open {
					return errors.New("the listener fell behind")
				}
				if !r.concerns(c, change, userID, channelID) {
					continue
				}
				data, err := json.Marshal(change)
				if err != nil {
					return err
				}
				fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", change.ID, change.Type, data)
			case <-beat.C:
				fmt.Fprint(w, ": beat\n\n")
			case <-c.Done():
				return nil
			}
			flush()
		}
	}}, nil
}

// concerns: a change without people and with a channel is for all its friends.
func (r *Room) concerns(c *api.Call, change feed.Change, userID, channelID string) bool {
	if channelID != "" && change.ChannelID != "" && change.ChannelID != channelID {
		return false
	}
	if userID == "" || change.ChannelID == "" && change.UserIDs == nil {
		return true
	}
	if change.UserIDs != nil {
		return slices.Contains(change.UserIDs, userID)
	}
	if change.Type != "message" {
		return false
	}
	list, err := r.Chats(c, userID)
	return err == nil && slices.ContainsFunc(list, func(v ChatView) bool { return v.ID == change.ChatID })
}

func (r *Room) webhooks(c *api.Call) (any, error) {
	limit, ok := c.QueryInt("limit")
	if !ok {
		return nil, api.Errorf(api.Invalid, "limit: a whole number")
	}
	return r.Hooks.Log(c, webhook.LogQuery{ChannelID: c.Query().Get("channelId"), Limit: int(limit), Cursor: c.Query().Get("cursor")})
}

func (r *Room) redeliver(c *api.Call) (any, error) {
	err := r.Hooks.Redeliver(c, c.Path("webhookEventId"))
	if errors.Is(err, store.ErrNotFound) {
		err = api.Errorf(api.NotFound, "there is no webhook event %s", c.Path("webhookEventId"))
	}
	return api.Object{}, err
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

func (r *Room) reset(c *api.Call) (any, error) {
	if err := r.Config.Reset(c); err != nil {
		return nil, err
	}
	r.Limits.Reset()
	r.Feed.Publish(feed.Change{Type: "reset"})
	return api.Object{}, nil
}
