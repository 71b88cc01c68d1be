package token

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

func TestAuthorizationHeader(t *testing.T) {
	b := newBench(t, "memory:")
	if err := b.putLongLived(cafe, "dev-token-1"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		header []string
		status int
		body   string
	}{
		{"absent", nil, 401, noHeader},
		{"empty", []string{""}, 401, noHeader},
		{"no scheme", []string{"dev-token-1"}, 401, noHeader},
		{"another scheme", []string{"Basic dev-token-1"}, 401, noHeader},
		{"scheme only", []string{"Bearer"}, 401, noHeader},
		{"scheme and spaces", []string{"Bearer   "}, 401, noHeader},
		{"no space", []string{"Bearerdev-token-1"}, 401, noHeader},
		{"good", []string{"Bearer dev-token-1"}, 200, isCafe},
		{"in lower case", []string{"bearer dev-token-1"}, 200, isCafe},
		{"spaces around", []string{"Bearer  dev-token-1 "}, 200, isCafe},
		{"the token in another case", []string{"Bearer DEV-token-1"}, 401, denied},
		{"a part of the token", []string{"Bearer dev-token-"}, 401, denied},
		{"unknown", []string{"Bearer unknown"}, 401, denied},
		{"unknown JWS", []string{"Bearer e30.e30.e30"}, 401, denied},
		{"longer than the buffer of the hash", []string{"Bearer " + strings.Repeat("a", 4000)}, 401, denied},
	} {
		for _, time := range []string{"first", "from memory"} {
			if status, body := b.use(c.header...); status != c.status || body != c.body {
				t.Errorf("%s, %s: %d %s, want %d %s", c.name, time, status, body, c.status, c.body)
			}
		}
	}
}

func TestLongLived(t *testing.T) {
	onEachStore(t, func(b *bench) {
		ctx := b.Context()
		if _, err := b.room.LongLived(ctx, cafe); !errors.Is(err, store.ErrNotFound) {
			b.Fatalf("before there is one: %v", err)
		}
		if status, _ := b.use("Bearer dev-token-1"); status != 401 { // remembered as no token
			b.Fatalf("before there is one: %d", status)
		}
		for range 2 { // a world read twice comes to the same
			if err := b.putLongLived(cafe, "dev-token-1"); err != nil {
				b.Fatal(err)
			}
		}
		b.expectLongLived("dev-token-1")
		status, body := b.call(verifyOpaque, url.Values{"access_token": {"dev-token-1"}})
		if want := `{"client_id":"1656000001","expires_in":3153600000,"scope":"P CM"}`; status != 200 || body != want {
			b.Errorf("verify: %d %s, want %s", status, body, want)
		}
		b.later(10 * 365 * 24 * time.Hour)
		b.expectLongLived("dev-token-1")

		issued, err := b.room.IssueLongLived(ctx, cafe)
		if err != nil {
			b.Fatal(err)
		}
		if len(issued) != 172 {
			b.Errorf("an issued token has %d characters", len(issued))
		}
		b.expectLongLived(issued)
		if status, _ := b.use("Bearer dev-token-1"); status != 401 {
			b.Errorf("the former token: %d", status)
		}
		b.start()
		b.expectLongLived(issued)

		if status, body := b.call(revokeOpaque, url.Values{"access_token": {issued}}); status != 200 || body != "" {
			b.Errorf("revoke: %d %q", status, body)
		}
		if _, err := b.room.LongLived(ctx, cafe); !errors.Is(err, store.ErrNotFound) {
			b.Errorf("after it is revoked: %v", err)
		}
		if status, _ := b.use("Bearer " + issued); status != 401 {
			b.Errorf("a revoked token: %d", status)
		}
	})
}

// expectLongLived says that the café has this long-lived token, and only this.
func (b *bench) expectLongLived(want string) {
	b.Helper()
	if value, err := b.room.LongLived(b.Context(), cafe); value != want || err != nil {
		b.Errorf("the token is %q (%v), want %q", value, err, want)
	}
	if status, body := b.use("Bearer " + want); status != 200 || body != isCafe {
		b.Errorf("with the token: %d %s", status, body)
	}
	if n := b.rows(cafe, longLived); n != 1 {
		b.Errorf("%d rows", n)
	}
}

func TestLongLivedRefusals(t *testing.T) {
	b := newBench(t, "memory:")
	if err := b.putLongLived(cafe, "taken-token"); err != nil {
		t.Fatal(err)
	}
	var refusal *api.Error
	if _, err := b.room.IssueLongLived(b.Context(), login); !errors.As(err, &refusal) || refusal.Code != api.Invalid {
		t.Errorf("for a LINE Login channel: %v", err)
	}
	if _, err := b.room.IssueLongLived(b.Context(), "1656999999"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("for an unknown channel: %v", err)
	}
	for _, value := range []string{"", "a b", "a\nb", "é"} {
		if err := b.putLongLived(shop, value); !errors.As(err, &refusal) || refusal.Code != api.Invalid || value != "" && strings.Contains(err.Error(), value) {
			t.Errorf("put %q: %v", value, err)
		}
	}
	err := b.putLongLived(shop, "taken-token")
	if !errors.Is(err, store.ErrConflict) || strings.Contains(err.Error(), "taken-token") {
		t.Errorf("put another channel's token: %v", err)
	}
	if _, body := b.use("Bearer taken-token"); body != isCafe {
		t.Errorf("the token is of %s", body)
	}
}

// A world file may hold a token copied from the platform, which looks like one
// that this server could have signed.
func TestLongLivedTokenThatLooksSigned(t *testing.T) {
	b := newBench(t, "memory:")
	const value = "eyJhbGciOiJIUzI1NiJ9.UnQ_o-GP0VtnwDjbK0C8E_NvK.MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"
	b.issue(issueStateless, secret(cafe, cafeSecret)) // so that there is a key to compare with
	if err := b.putLongLived(shop, value); err != nil {
		t.Fatal(err)
	}
	if status, body := b.use("Bearer " + value); status != 200 || !strings.Contains(body, shop) {
		t.Errorf("%d %s", status, body)
	}
}

func TestRolledBackChangesLeaveTheMemoryRight(t *testing.T) {
	b := newBench(t, "memory:")
	if err := b.putLongLived(cafe, "dev-token-1"); err != nil {
		t.Fatal(err)
	}
	b.use("Bearer dev-token-1")
	b.use("Bearer dev-token-2")
	refusal := errors.New("no")
	if err := b.db.Update(b.Context(), func(tx *store.Tx) error {
		return errors.Join(b.room.PutLongLived(tx, cafe, "dev-token-2"), refusal)
	}); !errors.Is(err, refusal) {
		t.Fatal(err)
	}
	for value, want := range map[string]int{"dev-token-1": 200, "dev-token-2": 401} {
		if status, _ := b.use("Bearer " + value); status != want {
			t.Errorf("%s: %d, want %d", value, status, want)
		}
	}
}

func TestForgetAfterTheTablesAreEmptied(t *testing.T) {
	b := newBench(t, "memory:")
	if err := b.putLongLived(cafe, "dev-token-1"); err != nil {
		t.Fatal(err)
	}
	bound, _ := b.issue(issueStateless, secret(cafe, cafeSecret))
	for _, value := range []string{"dev-token-1", bound, "dev-token-2"} {
		b.use("Bearer " + value)
	}
	b.update(func(tx *store.Tx) error {
		_, err1 := tx.Exec(`DELETE FROM tokens`)
		_, err2 := tx.Exec(`DELETE FROM settings`)
		_, err3 := tx.Exec(`INSERT INTO tokens VALUES ($1, $2, $3, '', '', '', 1, 0, $4, 0)`, hashOf("dev-token-2").text(), cafe, string(longLived), int64(1)<<60)
		tx.After(b.room.Forget)
		return errors.Join(err1, err2, err3)
	})
	for value, want := range map[string]int{"dev-token-1": 401, bound: 401, "dev-token-2": 200} {
		if status, _ := b.use("Bearer " + value); status != want {
			t.Errorf("%.12s: %d, want %d", value, status, want)
		}
	}
	if fresh, _ := b.issue(issueStateless, secret(cafe, cafeSecret)); fresh == bound {
		t.Error("the same token again")
	}
}

func TestAStoreThatCannotBeReadIsNoRefusal(t *testing.T) {
	b := newBench(t, "memory:")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req := httptest.NewRequest("GET", "/v2/bot/info", nil).WithContext(ctx)
	req.Header.Set("Authorization", "Bearer dev-token-1")
	var refusal *api.Error
	if _, _, err := b.room.Authenticate(req); err == nil || errors.As(err, &refusal) {
		t.Errorf("%v", err)
	}
	if err := b.putLongLived(cafe, "dev-token-1"); err != nil {
		t.Fatal(err)
	}
	if status, _ := b.use("Bearer dev-token-1"); status != 200 {
		t.Errorf("afterwards: %d", status)
	}
}

func TestMemoryKeepsNothingReadBeforeAChange(t *testing.T) {
	var m memory
	h := hashOf("dev-token-1")
	before := m.now()
	m.drop([]hash{h})
	m.keep(h, nil, before)
	m.keepKey([]byte("key"), before)
	if _, ok := m.get(h); ok || m.signingKey() != nil {
		t.Error("kept what was read before the change")
	}
	m.keep(h, nil, m.now())
	if found, ok := m.get(h); !ok || found != nil {
		t.Error("did not keep what was read after it")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	var m memory
	known := &token{channelID: cafe}
	m.keep(hashOf("known"), known, m.now())
	for i := range unknownMost + 1 {
		m.keep(hashOf(fmt.Sprint("unknown", i)), nil, m.now())
	}
	if len(m.unknown) > unknownMost {
		t.Errorf("%d unknown values", len(m.unknown))
	}
	if found, ok := m.get(hashOf("known")); !ok || found != known {
		t.Error("unknown values have driven out a token")
	}
	for i := range knownMost + 1 {
		m.keep(hashOf(fmt.Sprint("known", i)), known, m.now())
	}
	if len(m.known) > knownMost {
		t.Errorf("%d tokens", len(m.known))
	}
}

// While tokens come and go, every answer must be that of some moment of the call.
func TestAuthenticateWhileTokensChange(t *testing.T) {
	b := newBench(t, "memory:")
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					b.use("Bearer dev-token-0")
					b.use("Bearer dev-token-1")
				}
			}
		})
	}
	for i := range 200 {
		have, gone := fmt.Sprint("dev-token-", i%2), fmt.Sprint("dev-token-", (i+1)%2)
		if err := b.putLongLived(cafe, have); err != nil {
			t.Fatal(err)
		}
		if status, _ := b.use("Bearer " + have); status != 200 {
			t.Fatalf("round %d: the new token: %d", i, status)
		}
		if status, _ := b.use("Bearer " + gone); status != 401 {
			t.Fatalf("round %d: the former token: %d", i, status)
		}
	}
	close(stop)
	readers.Wait()
}

func TestAuthenticateAllocatesNothing(t *testing.T) {
	b := newBench(t, "memory:")
	if err := b.putLongLived(cafe, strings.Repeat("t", 172)); err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest("GET", "/v2/bot/info", nil)
	req.Header.Set("Authorization", "Bearer "+strings.Repeat("t", 172))
	if n := testing.AllocsPerRun(100, func() {
		if _, _, err := b.room.Authenticate(req); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
