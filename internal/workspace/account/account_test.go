package account_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/testkit"
	"kaiwa/internal/workspace/account"
)

type kit struct {
	*account.Room
	t        *testing.T
	db       *store.DB
	channels *channel.Room
}

func each(t *testing.T, run func(*kit)) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		c := &clock.Clock{}
		db := testkit.Open(t, dsn, c)
		k := &kit{t: t, db: db, channels: channel.Open(db)}
		k.Room = account.Open(db, k.channels)
		k.update(func(tx *store.Tx) error {
			for i, ch := range []channel.Channel{
				{ID: "1656000001", Type: channel.Messaging, Name: "Cafe channel", Account: channel.Account{DisplayName: "Cafe", BasicID: "@cafe", UserID: "U1"}},
				{ID: "1656000002", Type: channel.Login, Name: "Login", Account: channel.Account{UserID: "U2"}},
			} {
				ch.No = int64(i + 1)
				if _, err := k.channels.Put(tx, ch); err != nil {
					return err
				}
			}
			return nil
		})
		run(k)
	})
}

func (k *kit) update(f func(tx *store.Tx) error) {
	k.t.Helper()
	if err := k.db.Update(k.t.Context(), f); err != nil {
		k.t.Fatal(err)
	}
}

func (k *kit) connect(workspace string, c account.Config) error {
	return k.db.Update(k.t.Context(), func(tx *store.Tx) error { return k.Connect(tx, workspace, c) })
}

func (k *kit) names(workspace string) string {
	var out []string
	for _, a := range k.Accounts(workspace) {
		out = append(out, a.ID+" "+a.Name+" "+a.BasicID)
	}
	return fmt.Sprint(out)
}

func TestWorkspacesKeepOrderAndRate(t *testing.T) {
	each(t, func(k *kit) {
		var ids []string
		k.update(func(tx *store.Tx) error {
			ids = nil
			for _, w := range []account.Workspace{{Name: "One"}, {Name: "One"}, {ID: "w3", Name: "Three", Rate: limit.Rate{Requests: 5, Per: 2 * time.Second}}} {
				put, err := k.PutWorkspace(tx, w)
				if err != nil {
					return err
				}
				ids = append(ids, put.ID)
			}
			return nil
		})
		if ids[0] == ids[1] || ids[2] != "w3" {
			t.Errorf("ids %q", ids)
		}
		k.update(func(tx *store.Tx) error {
			_, err := k.PutWorkspace(tx, account.Workspace{ID: ids[0], Name: "First"})
			return err
		})
		want := []account.Workspace{{ids[0], "First", account.DefaultRate}, {ids[1], "One", account.DefaultRate},
			{"w3", "Three", limit.Rate{Requests: 5, Per: 2 * time.Second}}}
		if d := cmp.Diff(want, k.List()); d != "" {
			t.Error(d)
		}
		if err := k.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, k.List()); d != "" {
			t.Errorf("after Load: %s", d)
		}
		if w, ok := k.Workspace("w3"); !ok || w.Name != "Three" {
			t.Errorf("%+v, %t", w, ok)
		}
		if _, ok := k.Workspace("w4"); ok {
			t.Error("an unknown workspace was found")
		}
	})
}

func TestConnectedAccounts(t *testing.T) {
	each(t, func(k *kit) {
		remote := account.Config{ChannelID: "2000000001", Name: "Shop", BaseURL: "https://api.line.me", ChannelSecret: "s"}
		for _, step := range []struct {
			workspace string
			config    account.Config
			ok        bool
		}{
			{"w1", account.Config{ChannelID: "1656000001"}, true},
			{"w1", account.Config{ChannelID: "1656000002"}, false}, // a login channel
			{"w1", account.Config{ChannelID: "1656000009"}, false}, // no channel
			{"w1", account.Config{ChannelID: "1656000001", BaseURL: "https://api.line.me"}, false},
			{"w1", remote, true},
			{"w2", remote, true},
			{"w2", account.Config{ChannelID: "2000000002", Name: "Second", BaseURL: "https://api.line.me"}, true},
		} {
			if err := k.connect(step.workspace, step.config); (err == nil) != step.ok {
				t.Errorf("%s %+v: %v", step.workspace, step.config, err)
			}
		}
		check := func(when string) {
			t.Helper()
			if got, want := k.names("w1"), "[1656000001 Cafe @cafe 2000000001 Shop ]"; got != want {
				t.Errorf("%s: w1 has %s, want %s", when, got, want)
			}
			if got, want := k.names("w2"), "[2000000001 Shop  2000000002 Second ]"; got != want {
				t.Errorf("%s: w2 has %s, want %s", when, got, want)
			}
			shop, second := k.Get("w1", "2000000001"), k.Get("w2", "2000000002")
			if shop.No == second.No || shop.No != k.Get("w2", "2000000001").No || shop.No < 1<<40 || !shop.Remote() {
				t.Errorf("%s: numbers %d and %d", when, shop.No, second.No)
			}
			if a := k.Get("w1", "1656000001"); a.No != 1 || a.Remote() || a.ConnectedAt.IsZero() {
				t.Errorf("%s: %+v", when, a)
			}
			if k.Get("w1", "2000000002") != nil || k.Get("w2", "1656000001") != nil {
				t.Errorf("%s: a workspace sees another's account", when)
			}
			if k.Remote("2000000002") == nil || k.Remote("1656000001") != nil || k.Remote("nobody") != nil {
				t.Errorf("%s: Remote finds the wrong accounts", when)
			}
		}
		check("at once")
		before := k.Get("w1", "2000000001")
		if err := k.connect("w1", remote); err != nil {
			t.Fatal(err)
		}
		if after := k.Get("w1", "2000000001"); after.No != before.No || !after.ConnectedAt.Equal(before.ConnectedAt) {
			t.Errorf("connecting again changed %+v to %+v", before, after)
		}
		if err := k.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		check("after Load")
	})
}
