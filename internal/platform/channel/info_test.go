package channel_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

func TestBotInfo(t *testing.T) {
	world := strings.Replace(stage.World, `displayName: Shop}`, `displayName: Shop, premiumId: "@premium", status: premium, chatMode: chat}`, 1)
	s := stage.Start(t, "", world)
	s.Play(t, []stage.Step{
		{Name: "with a picture", Call: "GET /v2/bot/info", As: stage.Cafe, Status: 200,
			Want: `{"userId":"Ub0000000000000000000000000000001","basicId":"@cafe","displayName":"Kaiwa Cafe","pictureUrl":"https://example.com/p.png","chatMode":"bot","markAsReadMode":"auto"}`},
		{Name: "with a premium id and the chat on", Call: "GET /v2/bot/info", As: stage.Shop, Status: 200,
			Want: `{"userId":"Ub0000000000000000000000000000002","basicId":"@shop","premiumId":"@premium","displayName":"Shop","chatMode":"chat","markAsReadMode":"manual"}`},
		{Name: "without a token", Call: "GET /v2/bot/info", Status: 401,
			Want: `{"message":"Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"}`},
		{Name: "another method", Call: "POST /v2/bot/info", As: stage.Cafe, Status: 405, Want: `{"message":"The request method, 'POST', is not supported"}`},
	})
	if got := s.As(stage.Cafe, "GET", "/v2/bot/info", "").Header["X-Line-Request-Id"]; len(got) != 1 {
		t.Errorf("request id %v", got)
	}
}

// Changes at the same moment are all kept: each starts from what the one before it left.
func TestChangesAtTheSameMoment(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		db := testkit.Open(t, dsn, nil)
		r := channel.Open(db)
		if err := db.Update(t.Context(), func(tx *store.Tx) error {
			_, err := r.Put(tx, channel.Channel{ID: "1656000001", Type: channel.Messaging, Name: "Cafe"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		const many = 50
		var wg sync.WaitGroup
		for i := range many {
			wg.Go(func() {
				if err := r.Change(t.Context(), "1656000001", func(c *channel.Channel) {
					c.Config.Scopes = append(c.Config.Scopes, fmt.Sprint(i))
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		again := channel.Open(db)
		if err := again.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]*channel.Channel{"memory": r.Get("1656000001"), "store": again.Get("1656000001")} {
			if len(c.Config.Scopes) != many {
				t.Errorf("%s: %d changes kept, want %d", name, len(c.Config.Scopes), many)
			}
		}
		if err := r.Change(t.Context(), "1656999999", func(*channel.Channel) {}); err != store.ErrNotFound {
			t.Errorf("an unknown channel: %v", err)
		}
	})
}
