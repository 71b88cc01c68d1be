package phone

import (
	"context"
	"fmt"
	"slices"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/presence"
	"kaiwa/internal/platform/richmenu"
	"kaiwa/internal/ui/live"
	"kaiwa/internal/ui/page"
)

// Live registers what is drawn when something changes: chat:{user}:{chat} for an
// open chat, chats:{user} for the list.
func (p *Phone) Live(s *live.Streams) {
	s.On("chat", p.chatChanged)
	s.On("chats", p.chatsChanged)
	s.On("shop", p.shopChanged)
}

// concerns tells whether a change is one of a person: theirs by name, or their
// account's to all.
func concerns(c feed.Change, userID string) bool {
	return c.UserIDs == nil || slices.Contains(c.UserIDs, userID)
}

func (p *Phone) chatChanged(ctx context.Context, l page.Lang, topic live.Topic, c feed.Change) ([]live.Patch, error) {
	// Who reads in a group is named as the one it concerns, but all see the mark.
	inGroup := c.Type == "read" && c.ChannelID == ""
	// A coupon may have been sent to any of the person's chats.
	if c.ChatID != topic.ID(1) && c.Type != "coupon" || !concerns(c, topic.ID(0)) && !inGroup {
		return nil, nil
	}
	said, _ := c.Data.(chat.Said)
	switch c.Type {
	case "richMenu", "friendship": // only friends have a menu of their own
		return p.menuChanged(ctx, l, topic, c)
	case "message", "unsend", "edit", "read", "loading", "coupon":
	default:
		return nil, nil
	}
	s, err := p.scene(ctx, l, topic.ID(0))
	if err != nil {
		return nil, unlessGone(err)
	}
	// A page of messages is read even for one new: neighbours stand together.
	t, err := s.thread(topic.ID(1), "")
	if err != nil {
		return nil, unlessGone(err)
	}
	switch c.Type {
	case "message":
		return t.arrived(said.MessageIDs)
	case "unsend", "edit":
		return t.redrawn(said.MessageIDs)
	case "coupon":
		return t.couponed(), nil
	case "loading":
		what, _ := c.Data.(presence.Loading)
		return t.awaited(what.Until != nil && what.Until.After(t.now)), nil
	}
	return t.marked(), nil
}

// menuChanged draws the rich menu that the person has now. One that they
// switched to stays open.
func (p *Phone) menuChanged(ctx context.Context, l page.Lang, topic live.Topic, c feed.Change) ([]live.Patch, error) {
	s, err := p.scene(ctx, l, topic.ID(0))
	if err != nil {
		return nil, unlessGone(err)
	}
	m, err := s.sim.RichMenu(ctx, topic.ID(0), topic.ID(1))
	if err != nil {
		return nil, unlessGone(err)
	}
	what, _ := c.Data.(richmenu.Change)
	return []live.Patch{live.Replace("menu", s.richMenu(topic.ID(1), m, m != nil && (m.Selected || what.Switched)))}, nil
}

// unlessGone passes errors on, except that nobody is there to draw for.
func unlessGone(err error) error {
	if gone(err) {
		return nil
	}
	return err
}

// arrived draws the rows from the first of the new messages on, which those
// that came meanwhile follow. A send to many may not have reached this person.
// Of a burst, more may have come meanwhile than a page holds; the rest of the
// screen is then for the newest to change.
func (t thread) arrived(ids []string) ([]live.Patch, error) {
	if err := t.seek(ids[0], ids[len(ids)-1]); err != nil {
		return nil, err
	}
	for i, m := range t.messages {
		if slices.Contains(ids, m.ID) {
			patches := []live.Patch{live.Append("messages", t.rows(i))}
			if !t.past {
				patches = append(patches, live.Replace("quick", t.quickReplies()), live.Replace("announce", t.announcement()))
			}
			if m.From.Type == "account" { // what it says ends the wait
				patches = append(patches, live.Replace("loading", t.loading(false)))
			}
			return patches, nil
		}
	}
	return nil, nil
}

// redrawn draws messages anew that were unsent or edited, however far back: who
// scrolled up may see them.
func (t thread) redrawn(ids []string) ([]live.Patch, error) {
	patches := []live.Patch{live.Replace("quick", t.quickReplies())}
	for _, id := range ids {
		if err := t.seek(id, id); err != nil {
			return nil, err
		}
		if i := t.index(id); i >= 0 {
			patches = append(patches, live.Replace("m-"+id, t.row(i)))
		}
	}
	return patches, nil
}

// awaited shows or hides the loading animation. A page that is opened while it
// goes on does not show it: it is for those who have the chat open when it starts.
func (t thread) awaited(on bool) []live.Patch {
	patches := []live.Patch{live.Replace("loading", t.loading(on))}
	if on {
		patches = append(patches, live.Replace("announce", announced(fmt.Sprintf(wordLoading.In(t.lang), t.chat.Name))))
	}
	return patches
}

// marked draws the Read marks of the person's own messages.
func (t thread) marked() []live.Patch {
	var patches []live.Patch
	for _, m := range t.messages {
		if t.own(m) && m.Read && m.UnsentAt == nil {
			patches = append(patches, live.Replace("r-"+m.ID, t.readMark(m)))
		}
	}
	return patches
}

func (p *Phone) chatsChanged(ctx context.Context, l page.Lang, topic live.Topic, c feed.Change) ([]live.Patch, error) {
	if !concerns(c, topic.ID(0)) {
		return nil, nil
	}
	switch c.Type {
	case "message", "unsend", "edit", "read", "friendship", "members":
	default:
		return nil, nil
	}
	s, err := p.scene(ctx, l, topic.ID(0))
	if err != nil {
		return nil, unlessGone(err)
	}
	chats, err := p.Sim.Chats(ctx, s.person.UserID)
	if err != nil {
		return nil, err
	}
	return []live.Patch{live.Replace("chats", s.list(chats))}, nil
}
