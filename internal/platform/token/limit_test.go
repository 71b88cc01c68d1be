package token

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kaiwa/internal/kernel/store"
)

// dump is all text of the table.
func (b *bench) dump() string {
	b.Helper()
	var all strings.Builder
	err := b.db.View(b.Context(), func(tx *store.Tx) error {
		return tx.Each(`SELECT hash, channel_id, kind, key_id, value, scope FROM tokens WHERE kind <> $1`, []any{string(longLived)},
			func(scan func(...any) error) error {
				var f [6]string
				err := scan(&f[0], &f[1], &f[2], &f[3], &f[4], &f[5])
				fmt.Fprintln(&all, f)
				return err
			})
	})
	if err != nil {
		b.Fatal(err)
	}
	return all.String()
}

func TestThe31stV21TokenIsRefused(t *testing.T) {
	onEachStore(t, func(b *bench) {
		var ids []string
		var first string
		for i := range most {
			life := 30 * 24 * time.Hour
			if i == most-1 {
				life = time.Minute
			}
			value, keyID := b.issue(issueV21, b.asserting(life))
			ids = append(ids, keyID)
			if i == 0 {
				first = value
			}
		}
		for range 2 {
			if status, body := b.call(issueV21, b.asserting(time.Hour)); status != 400 || body != tooMany {
				b.Fatalf("the 31st: %d %s", status, body)
			}
		}
		if _, body := b.call(kids, b.asserting(0)); body != `{"kids":["`+strings.Join(ids, `","`)+`"]}` {
			b.Errorf("key ids: %s", body)
		}
		// The other kinds, and other channels, have limits of their own.
		b.issue(issueShort, secret(cafe, cafeSecret))
		b.issue(issueStateless, secret(cafe, cafeSecret))

		b.later(time.Minute) // one has expired: there is room for one
		_, keyID := b.issue(issueV21, b.asserting(time.Hour))
		if status, body := b.call(issueV21, b.asserting(time.Hour)); status != 400 || body != tooMany {
			b.Fatalf("after an expiry, the 31st: %d %s", status, body)
		}
		b.call(revokeV21, with(secret(cafe, cafeSecret), "access_token", first)) // and for another one
		_, last := b.issue(issueV21, b.asserting(time.Hour))
		want := append(slices.Clone(ids[1:most-1]), keyID, last)
		if _, body := b.call(kids, b.asserting(0)); body != `{"kids":["`+strings.Join(want, `","`)+`"]}` {
			b.Errorf("key ids: %s", body)
		}
		if n := b.rows(cafe, v21); n != most {
			b.Errorf("%d rows", n)
		}
	})
}

func TestThe31stShortLivedTokenPutsOutTheOldest(t *testing.T) {
	onEachStore(t, func(b *bench) {
		var values []string
		for range most {
			value, _ := b.issue(issueShort, secret(cafe, cafeSecret))
			values = append(values, value)
			if status, _ := b.use("Bearer " + value); status != 200 { // remembered, so that eviction must forget it
				b.Fatalf("a new token: %d", status)
			}
		}
		other, _ := b.issue(issueShort, secret(shop, shopSecret))
		for i := range 2 {
			value, _ := b.issue(issueShort, secret(cafe, cafeSecret))
			values = append(values, value)
			for j, value := range values {
				want := 200
				if j <= i {
					want = 401
				}
				if status, _ := b.use("Bearer " + value); status != want {
					b.Errorf("after the %dth, token %d: %d, want %d", most+1+i, j+1, status, want)
				}
			}
		}
		if status, _ := b.use("Bearer " + other); status != 200 {
			b.Errorf("another channel's token: %d", status)
		}
		if n := b.rows(cafe, shortLived); n != most {
			b.Errorf("%d rows", n)
		}
		// Expired tokens do not count: all thirty new ones stay.
		b.later(30 * 24 * time.Hour)
		values = nil
		for range most {
			value, _ := b.issue(issueShort, secret(cafe, cafeSecret))
			values = append(values, value)
		}
		for i, value := range values {
			if status, _ := b.use("Bearer " + value); status != 200 {
				b.Errorf("token %d of the second thirty: %d", i+1, status)
			}
		}
	})
}

func TestLimitsHoldAtTheSameMoment(t *testing.T) {
	onEachStore(t, func(b *bench) {
		var given, refused atomic.Int64
		var work sync.WaitGroup
		v21Form, shortForm := b.asserting(time.Hour), secret(cafe, cafeSecret)
		for range 100 {
			work.Go(func() {
				switch status, body := b.call(issueV21, v21Form); {
				case status == 200:
					given.Add(1)
				case status == 400 && body == tooMany:
					refused.Add(1)
				default:
					b.Errorf("%d %s", status, body)
				}
			})
			work.Go(func() {
				if status, body := b.call(issueShort, shortForm); status != 200 {
					b.Errorf("short-lived: %d %s", status, body)
				}
			})
		}
		work.Wait()
		if given.Load() != most || refused.Load() != 100-most {
			b.Errorf("%d issued, %d refused", given.Load(), refused.Load())
		}
		if a, s := b.rows(cafe, v21), b.rows(cafe, shortLived); a != most || s != most {
			b.Errorf("%d v2.1 and %d short-lived rows", a, s)
		}
	})
}

func TestShortLivedTokensAreRateLimited(t *testing.T) {
	onEachStore(t, func(b *bench) {
		form := secret(cafe, "wrong") // the limit is on requests, whatever they come to
		for i := range 370 {
			if status, body := b.call(issueShort, form); status != 400 {
				b.Fatalf("request %d: %d %s", i+1, status, body)
			}
		}
		if status, body := b.call(issueShort, form); status != 429 || body != `{"message":"limited"}` {
			b.Errorf("request 371: %d %s", status, body)
		}
		b.later(time.Second)
		if status, _ := b.call(issueShort, form); status != 400 {
			b.Errorf("a second later: %d", status)
		}
	})
}

func BenchmarkAuthenticate(b *testing.B) {
	k := newBench(b, "memory:")
	if err := k.putLongLived(cafe, "dev-token-1"); err != nil {
		b.Fatal(err)
	}
	short, _ := k.issue(issueShort, secret(cafe, cafeSecret))
	bound, _ := k.issue(issueStateless, secret(cafe, cafeSecret))
	for _, c := range []struct{ name, value string }{{"long-lived", "dev-token-1"}, {"short-lived", short}, {"stateless", bound}, {"unknown", "unknown-token"}} {
		req := httptest.NewRequest(http.MethodPost, "/v2/bot/message/push", nil)
		req.Header.Set("Authorization", "Bearer "+c.value)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, _, err := k.room.Authenticate(req); (err != nil) != (c.name == "unknown") {
						b.Error(err)
					}
				}
			})
		})
	}
}
