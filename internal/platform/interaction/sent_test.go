package interaction_test

import (
	"errors"
	"slices"
	"testing"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/testkit"
)

func TestWhoSawAndClicked(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, 10)
		var ids, other []int64
		w.do(func(tx *store.Tx) (err error) {
			if ids, err = w.broadcast(tx, request(1), 2); err == nil {
				other, err = w.broadcast(tx, request(2), 1)
			}
			return err
		})
		w.do(func(tx *store.Tx) error {
			return errors.Join(w.read(tx, 0), w.read(tx, 1), w.read(tx, 1), w.read(tx, 4))
		})
		w.do(func(tx *store.Tx) error {
			for _, c := range []struct {
				n, message int64
				url        string
			}{{1, ids[0], "https://a"}, {1, ids[1], "https://a"}, {2, ids[1], "https://b"}, {5, ids[0], "https://b"}, {3, other[0], "https://a"}} {
				p, err := w.person(tx, c.n)
				if err != nil {
					return err
				}
				if err := w.room.Click(tx, p, c.message, c.url); err != nil {
					return err
				}
			}
			return nil
		})
		w.do(func(tx *store.Tx) error {
			expect := func(what string, got []int64, want ...int64) {
				t.Helper()
				for i := range want {
					p, err := w.person(tx, want[i])
					if err != nil {
						t.Fatal(err)
					}
					want[i] = p.No
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %v, want %v", what, got, want)
				}
			}
			saw := func(id string) (list []int64) {
				set, err := w.room.Saw(tx, w.shop.No, id)
				if err != nil {
					t.Fatal(err)
				}
				for _, no := range set.ToArray() {
					list = append(list, int64(no))
				}
				return list
			}
			clicked := func(id, url string) (list []int64) {
				set, err := w.room.Clicked(tx, w.shop.No, id, url)
				if err != nil {
					t.Fatal(err)
				}
				for _, no := range set.ToArray() {
					list = append(list, int64(no))
				}
				return list
			}
			expect("saw it, or clicked it", saw(request(1)), 0, 1, 2, 4, 5)
			expect("saw the other", saw(request(2)), 0, 1, 3, 4)
			expect("clicked any", clicked(request(1), ""), 1, 2, 5)
			expect("clicked a", clicked(request(1), "https://a"), 1)
			expect("clicked b", clicked(request(1), "https://b"), 2, 5)
			expect("clicked what is not there", clicked(request(1), "https://c"))
			expect("clicked in the other", clicked(request(2), ""), 3)
			return nil
		})
	})
}

func TestSent(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		w := newWorld(t, dsn, 10)
		var at int64
		w.do(func(tx *store.Tx) error {
			at = tx.Millis()
			_, err := w.broadcast(tx, request(1), 2)
			return err
		})
		w.do(func(tx *store.Tx) error {
			got, err := w.room.Sent(tx, w.shop.No, request(1))
			if err != nil || got.Kind != chat.Broadcast || got.At < at || got.At > at+10 || got.People != 1 {
				t.Errorf("%+v, %v", got, err)
			}
			for what, err := range map[string]error{
				"another account's": second(w.room.Sent(tx, w.shop.No+1, request(1))),
				"unknown":           second(w.room.Sent(tx, w.shop.No, request(2))),
				"no UUID":           second(w.room.Sent(tx, w.shop.No, "\x00")),
				"seen, unknown":     second(w.room.Saw(tx, w.shop.No, request(2))),
				"clicked, unknown":  second(w.room.Clicked(tx, w.shop.No, request(2), "")),
			} {
				if !errors.Is(err, store.ErrNotFound) {
					t.Errorf("%s: %v, want not found", what, err)
				}
			}
			return nil
		})
	})
}

func second[T any](_ T, err error) error { return err }
