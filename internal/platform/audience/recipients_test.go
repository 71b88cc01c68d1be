package audience

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/testkit"
)

func TestRecipients(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		h := newHouse(t, dsn, 100)
		in := createBody{Description: "x"}
		for _, userID := range h.userIDs(80) {
			in.Audiences = append(in.Audiences, member{userID})
		}
		answer, err := h.room.create(h.call(h.cafe), in)
		if err != nil {
			t.Fatal(err)
		}
		own := answer.(api.Status).Body.(createdAnswer).AudienceGroupID
		h.update(func(tx *store.Tx) error {
			people := roaring64.BitmapOf(1, 2, 1<<40)
			for _, s := range []Shared{{ID: 1111111111111, Status: Ready}, {ID: 2222222222222, Status: InProgress}} {
				s.With, s.Type, s.CreateRoute, s.Description, s.People = []*channel.Channel{h.shop}, Upload, "BUSINESS_MANAGER", "x", people
				s.Owner = Owner{ServiceType: "bm"}
				if err := h.room.Share(tx, s); err != nil {
					return err
				}
			}
			return nil
		})
		check := func(when string, want map[*channel.Channel][]string) {
			t.Helper()
			for ch, list := range want {
				for i, id := range []int64{own, 1111111111111, 2222222222222, 3333333333333} {
					if got := h.recipients(ch, id); got != list[i] {
						t.Errorf("%s: %s asks for %d: %s, want %s", when, ch.ID, id, got, list[i])
					}
				}
			}
		}
		check("at once", map[*channel.Channel][]string{h.cafe: {"none", "none", "none", "none"}, h.shop: {"none", "3", "none", "none"}})
		h.advance(10 * time.Minute)
		check("when it is ready", map[*channel.Channel][]string{h.cafe: {"uploaded 81", "none", "none", "none"}, h.shop: {"none", "3", "none", "none"}})
		h.advance(life)
		check("when it has expired", map[*channel.Channel][]string{h.cafe: {"none", "none", "none", "none"}, h.shop: {"none", "3", "none", "none"}})
	})
}

// What expired a month ago is cleared away with all that belongs to it.
func TestSweep(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		h := newHouse(t, dsn, 0)
		in := createBody{Description: "x", Audiences: []member{{"U00000000000000000000000000000a01"}}}
		rows := func() (n int64) {
			t.Helper()
			h.update(func(tx *store.Tx) error {
				return tx.Row(`SELECT (SELECT COUNT(*) FROM audiences) + (SELECT COUNT(*) FROM audience_jobs) + (SELECT COUNT(*) FROM audience_parts)`, nil, &n)
			})
			return n
		}
		for _, ch := range []*channel.Channel{h.cafe, h.shop} {
			if _, err := h.room.create(h.call(ch), in); err != nil {
				t.Fatal(err)
			}
			h.advance(time.Hour)
		}
		for _, x := range []struct {
			name  string
			after time.Duration
			rows  int64
		}{
			{"before a month has passed", life + afterlife - 3*time.Hour, 6},
			{"when it has passed for the first", 90 * time.Minute, 3},
			{"and for the second", time.Hour, 0},
		} {
			h.advance(x.after)
			if err := h.room.Sweep(t.Context(), h.clock.Now()); err != nil {
				t.Fatal(err)
			}
			if n := rows(); n != x.rows {
				t.Errorf("%s: %d rows, want %d", x.name, n, x.rows)
			}
		}
	})
}

// A set that cannot be read ends its job, and not the queue.
func TestBrokenSet(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		h := newHouse(t, dsn, 0)
		in := createBody{Description: "x", Audiences: []member{{"U00000000000000000000000000000a01"}}}
		answer, err := h.room.create(h.call(h.cafe), in)
		if err != nil {
			t.Fatal(err)
		}
		h.update(func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE audience_parts SET data = $1`, []byte("x"))
			return err
		})
		h.advance(time.Minute)
		var list []job
		h.update(func(tx *store.Tx) (err error) {
			list, err = listJobs(tx, answer.(api.Status).Body.(createdAnswer).AudienceGroupID)
			return err
		})
		if len(list) != 1 || list[0].Status != Failed || list[0].FailedType != "INTERNAL_ERROR" {
			t.Errorf("%+v", list)
		}
	})
}

// What a world file must not share.
func TestBadShares(t *testing.T) {
	good := Shared{ID: 1111111111111, Type: Upload, CreateRoute: "BUSINESS_MANAGER", Status: Ready, Description: "x", Owner: Owner{ServiceType: "bm"}}
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Shared){
		"type: ":                func(s *Shared) { s.Type = "LIKE" },
		"createRoute: ":         func(s *Shared) { s.CreateRoute = "HAND" },
		"status: ":              func(s *Shared) { s.Status = "ready" },
		"owner.serviceType: ":   func(s *Shared) { s.Owner.ServiceType = "line" },
		"audienceGroupId: ":     func(s *Shared) { s.ID = 1 },
		"webtraffic: goes with": func(s *Shared) { s.Type = webTraffic },
		"webtraffic: goes":      func(s *Shared) { s.WebTraffic = &WebTraffic{} },
		"description: ":         func(s *Shared) { s.Description = "\n" },
	} {
		s := good
		spoil(&s)
		if err := s.check(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// BenchmarkResolve reads a file of 1,500,000 user ids, of crowd friends.
func BenchmarkResolve(b *testing.B) {
	h := newHouse(b, testkit.SQLite(b), fileMost)
	file := strings.Join(h.userIDs(fileMost-1), "\n")
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		people, err := h.room.people(h.call(h.cafe), upload{most: fileMost, ids: lines(strings.NewReader(file))})
		if err != nil || people.GetCardinality() != fileMost {
			b.Fatal(err, people)
		}
	}
}

// BenchmarkResolveStrangers is the same of ids that are nobody's, which are held
// against the people that have rows.
func BenchmarkResolveStrangers(b *testing.B) {
	h := newHouse(b, testkit.SQLite(b), 0)
	var file strings.Builder
	for n := range fileMost {
		fmt.Fprintf(&file, "U%032x\n", n*7919)
	}
	b.SetBytes(int64(file.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.room.people(h.call(h.cafe), upload{most: fileMost, ids: lines(strings.NewReader(file.String()))}); err != nil {
			b.Fatal(err)
		}
	}
}
