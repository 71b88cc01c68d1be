package publicapi_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// stamp is a time of the tests' day, in milliseconds after its beginning.
func stamp(millis int64) string {
	return day.Add(time.Duration(millis) * time.Millisecond).Format(time.RFC3339Nano)
}

// conversation is a history with everything in it: ties in time, both
// directions, a group that hears two accounts, sends to some and to all.
func conversation(k *kit) {
	k.say(
		row{id: 10, at: 0, account: 1, chat: aoiChat, sender: aoiNo},
		row{id: 11, at: 0, account: 1, chat: aoiChat, sender: -1, origin: reply, request: "r-11"},
		row{id: 12, at: 0, account: 1, chat: benChat, sender: benNo, kind: "sticker"},
		row{id: 13, at: 0, chat: teamChat, sender: aoiNo, heardBy: []int64{1, 2}},
		row{id: 14, at: 1000, account: 1, chat: teamChat, sender: -1, origin: push},
		row{id: 15, at: 1000, account: 2, chat: teamChat, sender: -2, origin: push},
		row{id: 16, at: 1500, account: 1, chat: manyChat, sender: -1, origin: brcast, send: &send{count: 2}},
		row{id: 17, at: 2000, account: 1, chat: manyChat, sender: -1, origin: multicast, send: &send{count: 1, to: []uint32{1}}},
		row{id: 18, at: 2000, account: 1, chat: aoiChat, sender: aoiNo, kind: "image", body: `{"type":"image","contentProvider":{"type":"line"}}`},
		row{id: 19, at: 2000, chat: roomChat, sender: benNo, heardBy: []int64{1}},
		row{id: 20, at: 2500, chat: teamChat, sender: benNo, heardBy: []int64{2}}, // the cafe was away
		row{id: 21, at: 3000, account: 2, chat: shopAoiChat, sender: aoiNo},
		row{id: 22, at: 3000, account: 1, chat: manyChat, sender: -1, origin: narrowcast, kind: "flex", send: &send{count: 2, to: []uint32{0, 1}}},
		row{id: 23, at: 3000, account: 1, chat: benChat, sender: benNo},
		row{id: 24, at: 9000, account: 1, chat: aoiChat, sender: -1, origin: push},
	)
	at := day.UnixMilli()
	k.exec(`INSERT INTO friendships (channel_no, person_no, friend_no, state, since) VALUES (1, $1, $2, 1, $3)`,
		[]any{aoiNo, 0, at}, []any{benNo, 1, at + 1600})
	// Ben became a friend after the broadcast.
	k.exec(`INSERT INTO friendship_spans (channel_no, person_no, since, until) VALUES (1, $1, $2, 0)`, []any{aoiNo, at}, []any{benNo, at + 1600})
}

// queries are those of the cafe's history and what they give, oldest first.
var queries = []struct{ name, parameters, want string }{
	{"all", "", "10 11 12 13 14 16 17 18 19 22 23 24"},
	{"from a time on, itself included", "from=" + stamp(2000), "17 18 19 22 23 24"},
	{"up to a time, itself left out", "to=" + stamp(2000), "10 11 12 13 14 16"},
	{"period", "from=" + stamp(1000) + "&to=" + stamp(2000), "14 16"},
	{"empty period", "from=" + stamp(2000) + "&to=" + stamp(2000), ""},
	{"period between two milliseconds", "from=" + day.Add(999_000_001).Format(time.RFC3339Nano) + "&to=" + day.Add(1_000_000_001).Format(time.RFC3339Nano), "14"},
	{"period of another zone", "from=" + url.QueryEscape(day.Add(time.Second).In(time.FixedZone("", 9*3600)).Format(time.RFC3339)) + "&to=" + stamp(1001), "14"},
	{"plus sign of the zone not escaped", "from=" + day.Add(9*time.Second).In(time.FixedZone("", 9*3600)).Format(time.RFC3339), "24"},
	{"period before everything", "to=2020-01-01T00:00:00Z", ""},
	{"period after everything", "from=2030-01-01T00:00:00Z", ""},
	{"incoming", "direction=incoming", "10 12 13 18 19 23"},
	{"outgoing", "direction=outgoing", "11 14 16 17 22 24"},
	{"type", "type=text", "10 11 13 14 16 17 19 23 24"},
	{"rare type", "type=sticker", "12"},
	{"type nobody used", "type=video", ""},
	{"type and direction", "type=flex&direction=outgoing", "22"},
	{"a person's chat", "chatId=" + aoi, "10 11 16 18 22 24"},
	{"a person who was a friend later", "chatId=" + ben, "12 17 22 23"},
	{"a person's chat, one direction", "chatId=" + ben + "&direction=outgoing", "17 22"},
	{"a person's chat, period", "chatId=" + aoi + "&from=" + stamp(1) + "&to=" + stamp(3000), "16 18"},
	{"group: own and heard only", "chatId=" + team, "13 14"},
	{"group, incoming", "chatId=" + team + "&direction=incoming", "13"},
	{"room", "chatId=" + room, "19"},
	{"group of others", "chatId=C0000000000000000000000000000c002", ""},
	{"unknown user", "chatId=U00000000000000000000000000000f00", ""},
	{"unknown group", "chatId=Cnobody", ""},
	{"no id at all", "chatId=%22", ""},
	{"empty values count as absent", "chatId=&type=&from=&direction=", "10 11 12 13 14 16 17 18 19 22 23 24"},
}

func TestEveryQueryIsTheSameHoweverItIsRead(t *testing.T) {
	eachStore(t, func(t *testing.T, k *kit) {
		conversation(k)
		for _, q := range queries {
			t.Run(q.name, func(t *testing.T) {
				k := k.in(t)
				path := messagesOf(cafe, q.parameters)
				if got := k.pages(cafeKey, path); got != q.want {
					t.Errorf("one page: %q, want %q", got, q.want)
				}
				if got := k.lines(cafeKey, path); got != q.want {
					t.Errorf("stream: %q, want %q", got, q.want)
				}
				back := strings.Fields(q.want)
				slices.Reverse(back)
				if got, want := k.lines(cafeKey, path+"&order=desc"), strings.Join(back, " "); got != want {
					t.Errorf("stream, newest first: %q, want %q", got, want)
				}
				for _, limit := range []int{1, 2, 5} {
					sized := fmt.Sprint(path, "&limit=", limit)
					if got, want := k.pages(cafeKey, sized), cut(strings.Fields(q.want), limit); got != want {
						t.Errorf("pages of %d: %q, want %q", limit, got, want)
					}
					if got, want := k.pages(cafeKey, sized+"&order=desc"), cut(back, limit); got != want {
						t.Errorf("pages of %d, newest first: %q, want %q", limit, got, want)
					}
				}
			})
		}
		if got := k.pages(cafeKey, messagesOf(cafe, "order=&limit=&cursor=")); got != queries[0].want {
			t.Errorf("all with empty values: %q", got)
		}
	})
}

// cut is how full pages of a list look.
func cut(list []string, size int) string {
	var out []string
	for part := range slices.Chunk(list, size) {
		out = append(out, strings.Join(part, " "))
	}
	return strings.Join(out, " | ")
}

// in is the kit for a subtest.
func (k *kit) in(t *testing.T) *kit {
	return &kit{t: t, db: k.db, url: k.url, keys: k.keys, accounts: k.accounts, chats: k.chats, friends: k.friends, channels: k.channels, api: k.api}
}

func TestHistoryOfTheOtherAccount(t *testing.T) {
	eachStore(t, func(t *testing.T, k *kit) {
		conversation(k)
		for parameters, want := range map[string]string{"": "13 15 20 21", "chatId=" + team: "13 15 20", "chatId=" + aoi: "21"} {
			if got := k.pages(shopKey, messagesOf(shop, parameters)); got != want {
				t.Errorf("%s: %q, want %q", parameters, got, want)
			}
		}
	})
}

// TestPagesWhileMessagesCome reads on from a cursor after more was said: what
// came is there once, what was read does not come again.
func TestPagesWhileMessagesCome(t *testing.T) {
	eachStore(t, func(t *testing.T, k *kit) {
		conversation(k)
		path := messagesOf(cafe, "limit=10&from="+stamp(0))
		first := k.page(cafeKey, path)
		k.say(row{id: 25, at: 9000, account: 1, chat: aoiChat, sender: aoiNo}, row{id: 26, at: 9000, chat: teamChat, sender: aoiNo, heardBy: []int64{1}})
		rest := k.page(cafeKey, path+"&cursor="+*first.NextCursor)
		if got := ids(first.Messages) + " | " + ids(rest.Messages); got != "10 11 12 13 14 16 17 18 19 22 | 23 24 25 26" {
			t.Error(got)
		}
		if got := k.lines(cafeKey, path+"&cursor="+*first.NextCursor); got != "23 24 25 26" {
			t.Errorf("a stream from the cursor on gives %q", got)
		}
		// The limit is a page's own affair, not the query's.
		if got := ids(k.page(cafeKey, messagesOf(cafe, "limit=2&from="+stamp(0))+"&cursor="+*first.NextCursor).Messages); got != "23 24" {
			t.Errorf("with another limit: %q", got)
		}
	})
}

// TestLongHistory reads more than one window of a stream, and a type so rare
// that a page of it takes several windows.
func TestLongHistory(t *testing.T) {
	eachStore(t, func(t *testing.T, k *kit) {
		const n = 3_210
		var rows []row
		var all, rare []string
		for i := range int64(n) {
			r := row{id: i + 1, at: i / 7, account: 1, chat: aoiChat, sender: aoiNo, body: `{"type":"text"}`}
			switch {
			case i%1001 == 0:
				r.kind = "location"
				rare = append(rare, num(r.id))
			case i%3 == 0:
				r.account, r.chat, r.heardBy = 0, teamChat, []int64{1}
			case i%50 == 1:
				r.sender, r.chat, r.origin, r.send = -1, manyChat, multicast, &send{count: 1, to: []uint32{9}}
			}
			all = append(all, num(r.id))
			rows = append(rows, r)
		}
		k.say(rows...)
		k.exec(`INSERT INTO friendships (channel_no, person_no, friend_no, state, since) VALUES (1, $1, 0, 1, 1)`, []any{aoiNo})
		if got := k.lines(cafeKey, messagesOf(cafe, "")); got != strings.Join(all, " ") {
			t.Errorf("the stream gives %d bytes of ids, not the %d messages", len(got), n)
		}
		if got := k.pages(cafeKey, messagesOf(cafe, "limit=1000")); strings.ReplaceAll(got, " | ", " ") != strings.Join(all, " ") {
			t.Errorf("the pages give %d bytes of ids, not the %d messages", len(got), n)
		}
		if got := k.pages(cafeKey, messagesOf(cafe, "type=location&limit=2")); got != cut(rare, 2) {
			t.Errorf("the rare type gives %q", got)
		}
		// None of the sends reached Aoi: windows that are all hidden must not end the list.
		want := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.chat != aoiChat })
		if got := strings.Fields(k.lines(cafeKey, messagesOf(cafe, "chatId="+aoi))); len(got) != len(want) {
			t.Errorf("Aoi's chat has %d messages, want %d", len(got), len(want))
		}
	})
}

func TestBadValues(t *testing.T) {
	k := open(t, sqlite(t))
	conversation(k)
	other := k.page(cafeKey, messagesOf(cafe, "limit=1")).NextCursor
	for parameters, want := range map[string]string{
		"limit=0": "limit", "limit=1001": "limit", "limit=-1": "limit", "limit=x": "limit", "limit=1.5": "limit", "limit=99999999999999999999": "limit",
		"limit=1&limit=2": "limit is given more than once", "from=%zz": "The query string", "limit=5;order=desc": "The query string",
		"from=yesterday": "from", "from=2026-01-15": "from", "to=1768435200": "to", "to=2026-02-30T00:00:00Z": "to", "from=2026-01-15T00:00:00": "from",
		"from=2026-01-15T00:00:00,5Z":                       "from",
		"from=2026-01-16T00:00:00Z&to=2026-01-15T00:00:00Z": "from must not be later than to",
		"direction=both":                                    "direction", "direction=INCOMING": "direction", "order=newest": "order", "type=smoke": "type",
		"chatId=%00": "chatId", "chatId=%ff": "chatId",
		"cursor=x": "cursor", "cursor=" + *other + "x": "cursor", "cursor=" + *other + "&order=desc": "cursor", "cursor=" + *other + "&type=text": "cursor",
		"cursor=" + *other + "&direction=incoming": "cursor", "cursor=" + *other + "&chatId=" + aoi: "cursor", "cursor=" + *other + "&to=2030-01-01T00:00:00Z": "cursor",
		"cursor=" + *other + "&from=2020-01-01T00:00:00Z": "cursor",
	} {
		a := k.get(cafeKey, messagesOf(cafe, parameters))
		if a.status != 400 || a.header.Get("Content-Type") != "application/problem+json" || !strings.Contains(a.body, `"detail":"`+want) {
			t.Errorf("%s: %d %s", parameters, a.status, a.body)
		}
		lines := k.get(cafeKey, messagesOf(cafe, parameters), "Accept", "application/x-ndjson")
		if lines.status != 400 {
			t.Errorf("%s as a stream: %d %s", parameters, lines.status, lines.body)
		}
	}
	for path, want := range map[string]string{
		"/accounts/" + cafe + "/chats?limit=0":            "limit",
		"/accounts/" + cafe + "/chats?cursor=" + *other:   "cursor",
		"/accounts/" + cafe + "/chats?limit=1001&cursor=": "limit",
	} {
		if a := k.get(cafeKey, path); a.status != 400 || !strings.Contains(a.body, `"detail":"`+want) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	// The cursor of one account is none of another's.
	k.exec(`INSERT INTO workspace_accounts (workspace_id, account_id, connected_at, config, position) VALUES ('w1', '1656000002', 0, '{"channelId":"1656000002"}', 9)`, nil)
	if err := k.accounts.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := k.get(cafeKey, messagesOf(shop, "cursor="+*other)); a.status != 400 {
		t.Errorf("another account took the cursor: %d %s", a.status, a.body)
	}
}

// FuzzCursor shows that whatever is sent as a cursor, only those that the query
// gave are taken, and none does harm.
func FuzzCursor(f *testing.F) {
	k := open(f, sqlite(f))
	conversation(k)
	path := messagesOf(cafe, "limit=3")
	p := k.page(cafeKey, path)
	good := map[string]bool{"": true}
	for p.NextCursor != nil {
		good[*p.NextCursor] = true
		f.Add(*p.NextCursor)
		p = k.page(cafeKey, path+"&cursor="+*p.NextCursor)
	}
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		a := k.in(t).get(cafeKey, path+"&cursor="+url.QueryEscape(cursor))
		if want := map[bool]int{true: 200, false: 400}[good[cursor]]; a.status != want {
			t.Errorf("cursor %q: %d, want %d: %s", cursor, a.status, want, a.body)
		}
	})
}

func TestOneByteOfACursorChanged(t *testing.T) {
	k := open(t, sqlite(t))
	conversation(k)
	path := messagesOf(cafe, "limit=3")
	good := *k.page(cafeKey, path).NextCursor
	for i := range good {
		for _, c := range []byte("A_z0") {
			if bad := good[:i] + string(c) + good[i+1:]; bad != good {
				if a := k.get(cafeKey, path+"&cursor="+bad); a.status != 400 {
					t.Errorf("%s for %s: %d", bad, good, a.status)
				}
			}
		}
	}
	if a := k.get(cafeKey, path+"&cursor="+good); a.status != 200 {
		t.Errorf("the true cursor: %d %s", a.status, a.body)
	}
}
