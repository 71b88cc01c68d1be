package feed_test

import (
	"testing"

	"kaiwa/internal/kernel/feed"
)

func TestFollowed(t *testing.T) {
	for name, follow := range map[string]func(*feed.Feed){
		"a listener":       func(f *feed.Feed) { f.Listen(0) },
		"one who has left": func(f *feed.Feed) { l, _ := f.Listen(0); l.Close() },
		"a position":       func(f *feed.Feed) { f.Last() },
	} {
		var f feed.Feed
		f.Publish(feed.Change{Type: "read"})
		if f.Followed() {
			t.Errorf("%s: followed before anybody came", name)
		}
		if follow(&f); !f.Followed() {
			t.Errorf("%s: not followed", name)
		}
	}
}
