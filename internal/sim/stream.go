package sim

import (
	"context"
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
	"kaiwa/internal/platform/chat"
)

// heartbeat keeps an idle event stream from being cut by what lies between.
const heartbeat = 15 * time.Second

// events streams what changes as Server-Sent Events: for one person (userId),
// for one channel (channelId), or all. Last-Event-ID resumes; a "reload" event
// says that some changes were missed.
func (r *Room) events(c *api.Call) (any, error) {
	userID, channelID := c.Query().Get("userId"), c.Query().Get("channelId")
	if err := r.known(c, userID, channelID); err != nil {
		return nil, err
	}
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

// known refuses a filter that nothing can pass.
func (r *Room) known(ctx context.Context, userID, channelID string) error {
	if channelID != "" && r.Channels.Get(channelID) == nil {
		return api.Errorf(api.NotFound, "channelId: there is no channel %q", channelID)
	}
	if userID == "" {
		return nil
	}
	return r.DB.View(ctx, func(tx *store.Tx) error {
		_, err := r.person(tx, userID)
		return err
	})
}

// concerns says whether a change passes a stream's filters; what changes for
// the server as a whole passes all of them.
func (r *Room) concerns(ctx context.Context, change feed.Change, userID, channelID string) bool {
	if change.Type != "request" && change.ChannelID == "" && change.UserIDs == nil {
		return true
	}
	return (channelID == "" || r.ofChannel(ctx, change, channelID)) && (userID == "" || r.ofPerson(ctx, change, userID))
}

// ofChannel: a group's changes are those of the accounts in it.
func (r *Room) ofChannel(ctx context.Context, change feed.Change, channelID string) bool {
	if change.ChannelID != "" || change.ChatID == "" {
		return change.ChannelID == channelID
	}
	in := false
	err := r.DB.View(ctx, func(tx *store.Tx) error {
		c, err := r.Talk.Shared(tx, change.ChatID)
		if err == nil {
			in, err = r.Talk.HasChannel(tx, c, r.Channels.Get(channelID))
		}
		return err
	})
	return err == nil && in
}

// ofPerson: a message that names no people is one to many, and concerns those
// who got it; a rich menu for all is shown to everybody who opens the chat.
func (r *Room) ofPerson(ctx context.Context, change feed.Change, userID string) bool {
	if ch := r.Channels.Get(change.ChannelID); ch != nil && change.Type == "richMenu" && change.UserIDs == nil {
		p, err := r.Person(ctx, userID)
		return err == nil && p.Provider == ch.Provider
	}
	said, toMany := change.Data.(chat.Said)
	if change.UserIDs != nil || !toMany {
		return slices.Contains(change.UserIDs, userID)
	}
	err := r.DB.View(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		c, err := r.chatOf(tx, p, change.ChatID, false)
		if err == nil {
			_, err = r.Talk.Seen(tx, p, c, said.MessageIDs[0])
		}
		return err
	})
	return err == nil
}
