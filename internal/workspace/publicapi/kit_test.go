package publicapi_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/testkit"
	"kaiwa/internal/workspace/account"
	"kaiwa/internal/workspace/archive"
	"kaiwa/internal/workspace/key"
	"kaiwa/internal/workspace/publicapi"
)

// The world of these tests: two workspaces with one account each, and a
// workspace that reads what it likes without waiting.
const (
	cafe, shop = "1656000001", "1656000002" // channels 1 and 2
	cafeKey    = "key of the cafe's workspace"
	shopKey    = "key of the shop's workspace"
	tightKey   = "key of a workspace with 3 requests in 10 s"
	aoi        = "U00000000000000000000000000000a01"
	ben        = "U00000000000000000000000000000b02"
	team       = "C0000000000000000000000000000c001"
	room       = "R0000000000000000000000000000d001"
)

// The numbers of people and chats.
const (
	aoiNo, benNo                                     = 1, 2
	aoiChat, benChat, teamChat, roomChat, manyChat   = 1, 2, 3, 4, 5
	shopAoiChat, shopManyChat, elsewhereChat         = 6, 7, 8
	user, reply, push, multicast, narrowcast, brcast = 0, 1, 2, 3, 4, 5
)

// kit is a public API on a real server and a real store.
type kit struct {
	t        testing.TB
	db       *store.DB
	url      string
	keys     *key.Room
	accounts *account.Room
	chats    *chat.Room
	friends  *friend.Room
	channels *channel.Room
	api      *publicapi.API
	routes   *api.Routes

	mu  sync.Mutex
	now time.Time // real time, as the API sees it
}

func (k *kit) time() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

func (k *kit) sleep(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = k.now.Add(d)
}

func eachStore(t *testing.T, run func(*testing.T, *kit)) {
	testkit.EachStore(t, func(t *testing.T, dsn string) { run(t, open(t, dsn)) })
}

func open(t testing.TB, dsn string) *kit {
	db := testkit.Open(t, dsn, nil)
	k := &kit{t: t, db: db, now: time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)}
	k.channels, k.friends = channel.Open(db), friend.Open(db)
	k.chats = chat.New(chat.Config{DB: db, Channels: k.channels, Friends: k.friends, Feed: &feed.Feed{}, IDs: &id.Sequence{}, Clock: &clock.Clock{}})
	k.keys, k.accounts = key.Open(db, k.time), account.Open(db, k.channels)
	k.api = publicapi.New(k.keys, k.accounts, archive.New(db, k.chats, k.friends), k.time)
	k.routes = api.NewRoutes(&api.Server{Clock: &clock.Clock{}, Limits: &limit.Buckets{}, Faults: &fault.Set{},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), OnPanic: func() { t.Error("an operation panicked") }}, k.api.Family())
	k.routes.Add(k.api.Family(), k.api.Ops())
	server := httptest.NewServer(k.routes)
	t.Cleanup(server.Close)
	k.url = server.URL
	k.world()
	return k
}

func (k *kit) update(f func(*store.Tx) error) {
	k.t.Helper()
	if err := k.db.Update(k.t.Context(), f); err != nil {
		k.t.Fatal(err)
	}
}

func (k *kit) world() {
	k.t.Helper()
	for i, ch := range []channel.Channel{
		{ID: cafe, Type: channel.Messaging, Provider: "p", Name: "c", Account: channel.Account{UserID: "Ub1", DisplayName: "Cafe \"One\"", BasicID: "@cafe"}},
		{ID: shop, Type: channel.Messaging, Provider: "p", Name: "s", Account: channel.Account{UserID: "Ub2", DisplayName: "Shop", BasicID: "@shop"}},
	} {
		k.update(func(tx *store.Tx) error {
			put, err := k.channels.Put(tx, ch)
			if err == nil && put.No != int64(i+1) {
				err = fmt.Errorf("channel %s has number %d", ch.ID, put.No)
			}
			return err
		})
	}
	fast := limit.Rate{Requests: 1_000_000, Per: time.Minute}
	for _, w := range []struct {
		account.Workspace
		secret, account string
	}{
		{account.Workspace{ID: "w1", Name: "One", Rate: fast}, cafeKey, cafe},
		{account.Workspace{ID: "w2", Name: "Two", Rate: fast}, shopKey, shop},
		{account.Workspace{ID: "w3", Name: "Three", Rate: limit.Rate{Requests: 3, Per: 10 * time.Second}}, tightKey, cafe},
	} {
		k.update(func(tx *store.Tx) error {
			_, err1 := k.accounts.PutWorkspace(tx, w.Workspace)
			_, err2 := k.keys.Put(tx, w.ID, w.secret)
			err3 := k.accounts.Connect(tx, w.ID, account.Config{ChannelID: w.account})
			for _, err := range []error{err1, err2, err3} {
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	k.exec(`INSERT INTO people (no, user_id, provider, profile) VALUES ($1, $2, 'p', $3)`,
		[]any{aoiNo, aoi, `{"displayName":"Aoi <3"}`}, []any{benNo, ben, `{"displayName":"Ben"}`})
	k.exec(`INSERT INTO chats (no, kind, channel_no, peer, provider, name, picture_url, message_count, last_at) VALUES ($1, $2, $3, $4, 'p', $5, '', 0, 0)`,
		[]any{aoiChat, "user", 1, aoi, ""}, []any{benChat, "user", 1, ben, ""}, []any{teamChat, "group", 0, team, "Team"}, []any{roomChat, "room", 0, room, ""},
		[]any{manyChat, "many", 1, "", ""}, []any{shopAoiChat, "user", 2, aoi, ""}, []any{shopManyChat, "many", 2, "", ""},
		[]any{elsewhereChat, "group", 0, "C0000000000000000000000000000c002", "Elsewhere"})
	k.exec(`INSERT INTO members (chat_no, person_no, channel_no, joined_at, left_at) VALUES ($1, $2, $3, 1, 0)`,
		[]any{teamChat, 0, 1}, []any{teamChat, 0, 2}, []any{teamChat, aoiNo, 0}, []any{roomChat, 0, 1}, []any{elsewhereChat, 0, 2})
}

func (k *kit) exec(statement string, rows ...[]any) {
	k.t.Helper()
	k.update(func(tx *store.Tx) error {
		for _, args := range rows {
			if _, err := tx.Exec(statement, args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// row is a message to insert.
type row struct {
	id, chat, sender, origin int64
	at                       int64 // milliseconds after day
	kind, body, request      string
	account                  int64   // of chats and sends; 0 for what people say in groups
	heardBy                  []int64 // channels, where account is 0
	unsentAt, editedAt       int64
	send                     *send
}

type send struct {
	count int64
	to    []uint32 // friend numbers; nil is all friends of the moment
}

// day is when the tests' messages begin.
var day = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)

func (k *kit) say(rows ...row) {
	k.t.Helper()
	k.update(func(tx *store.Tx) error {
		for _, r := range rows {
			if err := r.insert(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r row) insert(tx *store.Tx) error {
	at := day.UnixMilli() + r.at
	if r.kind == "" {
		r.kind = "text"
	}
	if r.body == "" {
		r.body = fmt.Sprintf(`{"type":%q,"text":"message %d"}`, r.kind, r.id)
	}
	_, err := tx.Exec(`INSERT INTO messages (id, account_no, chat_no, sender_no, origin, sent_at, type, body, request_id, unsent_at, edited_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, r.id, r.account, r.chat, r.sender, r.origin, at, r.kind, r.body, r.request, r.unsentAt, r.editedAt)
	for _, no := range r.heardBy {
		if err == nil {
			_, err = tx.Exec(`INSERT INTO message_accounts (account_no, sent_at, message_id) VALUES ($1, $2, $3)`, no, at, r.id)
		}
	}
	if err != nil {
		return err
	}
	if r.send != nil {
		var to []byte
		if r.send.to != nil {
			to, err = roaring.BitmapOf(r.send.to...).ToBytes()
		}
		if err == nil {
			_, err = tx.Exec(`INSERT INTO sends (first_message_id, last_message_id, account_no, sent_at, recipient_count, recipients) VALUES ($1, $1, $2, $3, $4, $5)`,
				r.id, r.account, at, r.send.count, to)
		}
		return err
	}
	_, err = tx.Exec(`UPDATE chats SET message_count = message_count + 1, last_at = $2 WHERE no = $1`, r.chat, at)
	return err
}

// file gives a message a file, in pieces.
func (k *kit) file(messageID int64, mime, name string, parts ...string) {
	k.t.Helper()
	k.exec(`INSERT INTO contents (message_id, mime, length, file_name, ready_at, preview_mime) VALUES ($1, $2, $3, $4, 0, '')`,
		[]any{messageID, mime, len(strings.Join(parts, "")), name})
	for n, p := range parts {
		k.exec(`INSERT INTO content_parts (message_id, n, data) VALUES ($1, $2, $3)`, []any{messageID, n, []byte(p)})
	}
}

// answer is a response, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// get calls the API with a key; headers are pairs.
func (k *kit) get(secret, path string, headers ...string) answer {
	k.t.Helper()
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodGet, k.url+publicapi.Prefix+path, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		k.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

// page is a page of messages, as far as tests look at it.
type page struct {
	Messages   []message `json:"messages"`
	NextCursor *string   `json:"nextCursor"`
}

type message struct {
	ID string `json:"id"`
}

func ids(list []message) string {
	var out []string
	for _, m := range list {
		out = append(out, m.ID)
	}
	return strings.Join(out, " ")
}

func (k *kit) page(secret, path string) page {
	k.t.Helper()
	a := k.get(secret, path)
	var p page
	if err := json.Unmarshal([]byte(a.body), &p); a.status != 200 || err != nil {
		k.t.Fatalf("GET %s: %d %s (%v)", path, a.status, a.body, err)
	}
	return p
}

// pages reads a query to its end and gives the ids, a bar between pages.
func (k *kit) pages(secret, path string) string {
	k.t.Helper()
	var out []string
	next := path
	for range 200 {
		p := k.page(secret, next)
		out = append(out, ids(p.Messages))
		if p.NextCursor == nil {
			return strings.Join(out, " | ")
		}
		next = path + "&cursor=" + *p.NextCursor
	}
	k.t.Fatalf("GET %s: the pages have no end", path)
	return ""
}

// lines reads a query as a stream and gives the ids.
func (k *kit) lines(secret, path string) string {
	k.t.Helper()
	a := k.get(secret, path, "Accept", "application/x-ndjson")
	if a.status != 200 || a.header.Get("Content-Type") != "application/x-ndjson" {
		k.t.Fatalf("GET %s: %d %v %s", path, a.status, a.header, a.body)
	}
	var list []message
	for line := range strings.Lines(a.body) {
		var m message
		if err := json.Unmarshal([]byte(line), &m); err != nil || !strings.HasSuffix(line, "\n") {
			k.t.Fatalf("line %q: %v", line, err)
		}
		list = append(list, m)
	}
	return ids(list)
}

func messagesOf(accountID, parameters string) string {
	return "/accounts/" + accountID + "/messages?" + parameters
}

func sqlite(t testing.TB) string { return testkit.SQLite(t) }

func num(n int64) string { return strconv.FormatInt(n, 10) }
