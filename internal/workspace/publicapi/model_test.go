package publicapi_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// model is what an account's history should give, worked out the slow way.
type model struct {
	rows []row
	// friendSince is when Aoi became a friend, in milliseconds of the day.
	friendSince int64
}

// asked is one random query of the model.
type asked struct {
	from, to        int64 // -1 for none
	chat, kind, way string
	desc            bool
	limit           int
}

func (q asked) parameters() string {
	p := []string{"chatId=" + q.chat, "type=" + q.kind, "direction=" + q.way, fmt.Sprint("limit=", q.limit)}
	if q.from >= 0 {
		p = append(p, "from="+stamp(q.from))
	}
	if q.to >= 0 {
		p = append(p, "to="+stamp(q.to))
	}
	if q.desc {
		p = append(p, "order=desc")
	}
	return strings.Join(p, "&")
}

func (m *model) answer(q asked) []string {
	var got []string
	for _, r := range m.rows { // in order of time and id
		if m.holds(q, r) {
			got = append(got, num(r.id))
		}
	}
	if q.desc {
		slices.Reverse(got)
	}
	return got
}

func (m *model) holds(q asked, r row) bool {
	switch {
	case r.account != 1 && !slices.Contains(r.heardBy, 1),
		q.from >= 0 && r.at < q.from, q.to >= 0 && r.at >= q.to,
		q.kind != "" && r.kind != q.kind,
		q.way == "incoming" && r.sender < 0, q.way == "outgoing" && r.sender > 0:
		return false
	}
	switch q.chat {
	case aoi:
		return r.chat == aoiChat || r.chat == manyChat && (r.send.to == nil && r.at >= m.friendSince || slices.Contains(r.send.to, 0))
	case team:
		return r.chat == teamChat
	}
	return true
}

func randomModel(r *rand.Rand, n int) *model {
	m := &model{friendSince: 40}
	at := int64(0)
	for i := range int64(n) {
		at += r.Int64N(3) / 2 // many ties
		x := row{id: 100 + i*3, at: at, account: 1, chat: aoiChat, sender: aoiNo, kind: []string{"text", "sticker", "image"}[r.IntN(3)]}
		switch r.IntN(6) {
		case 0:
			x.chat, x.account, x.heardBy = teamChat, 0, [][]int64{{1}, {2}, {1, 2}, {}}[r.IntN(4)]
		case 1:
			x.chat, x.account, x.sender = teamChat, 1+r.Int64N(2), -1
		case 2:
			x.chat, x.sender, x.origin = manyChat, -1, narrowcast
			x.send = &send{to: [][]uint32{nil, {0}, {1}, {0, 5}}[r.IntN(4)]}
		case 3:
			x.chat, x.account = benChat+4*r.Int64N(2), 1 // Ben's chat, or the shop's chat with Aoi
			if x.chat == shopAoiChat {
				x.account = 2
			}
		case 4:
			x.sender = -1
		}
		m.rows = append(m.rows, x)
	}
	return m
}

// TestAgainstModel compares random queries of random histories with the slow way.
func TestAgainstModel(t *testing.T) {
	eachStore(t, func(t *testing.T, k *kit) {
		r := rand.New(rand.NewPCG(1, 2))
		m := randomModel(r, 300)
		k.say(m.rows...)
		k.exec(`INSERT INTO friendships (channel_no, person_no, friend_no, state, since) VALUES (1, $1, 0, 1, $2)`, []any{aoiNo, day.UnixMilli() + m.friendSince})
		k.exec(`INSERT INTO friendship_spans (channel_no, person_no, since, until) VALUES (1, $1, $2, 0)`, []any{aoiNo, day.UnixMilli() + m.friendSince})
		pick := func(of ...string) string { return of[r.IntN(len(of))] }
		for range 150 {
			q := asked{from: r.Int64N(120) - 20, to: r.Int64N(300) - 20, chat: pick("", aoi, team), kind: pick("", "", "text", "image"),
				way: pick("", "", "incoming", "outgoing"), desc: r.IntN(2) == 0, limit: 1 + r.IntN(90)}
			if q.to >= 0 && q.to < q.from {
				q.to = -1
			}
			want := m.answer(q)
			path := messagesOf(cafe, q.parameters())
			if got := k.pages(cafeKey, path); got != cut(want, q.limit) {
				t.Fatalf("%s:\npages %s\nwant  %s", path, got, cut(want, q.limit))
			}
			if got := k.lines(cafeKey, path); got != strings.Join(want, " ") {
				t.Fatalf("%s:\nlines %s\nwant  %s", path, got, strings.Join(want, " "))
			}
		}
	})
}
