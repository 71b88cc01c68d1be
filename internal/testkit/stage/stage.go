package stage

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"kaiwa/internal/app"
	"kaiwa/internal/testkit"
)

// Stage is a running server and what surrounds it.
type Stage struct {
	T    testing.TB
	URL  string
	Bot  *Bot
	dsn  string
	db   *sql.DB // beside the server's own connections, to look into the store
	file string
	app  *app.App
	log  lockedBuffer
	tap  *listener
	held bool
}

// The world that most tables play in. BOT stands for the test's bot.
const (
	Cafe    = "1656000001" // verified, webhooks to the bot
	Shop    = "1656000002" // of the same provider, 5 messages a month, unverified
	Foreign = "1656000003" // of another provider
	Login   = "1656000009"
	Aoi     = "U00000000000000000000000000000a01" // friend of Cafe and Shop
	Ben     = "U00000000000000000000000000000a02" // friend of Cafe
	Chen    = "U00000000000000000000000000000a03" // nobody's friend
	Dan     = "U00000000000000000000000000000a04" // blocked Cafe
	Eve     = "U00000000000000000000000000000e01" // of the other provider
	Nobody  = "U000000000000000000000000000000ff"
	Lunch   = "C0000000000000000000000000000c001" // Aoi, Ben and Cafe
	Family  = "C0000000000000000000000000000c002" // Aoi and Chen, no account
	Corner  = "R0000000000000000000000000000d001" // Aoi, Ben, Chen and Cafe
)

// World is the world file of those.
const World = `
clock: 2026-01-15T09:00:00+09:00
providers:
  - name: Demo
    channels:
      - {id: "1656000001", name: Cafe, secret: 0123456789abcdef0123456789abcdef, accessToken: cafe-token, webhook: {endpoint: "BOT/cafe", redelivery: false},
         account: {userId: Ub0000000000000000000000000000001, basicId: "@cafe", displayName: Kaiwa Cafe, pictureUrl: "https://example.com/p.png", status: verified},
         beacons: [{hwid: "0123456789"}]}
      - {id: "1656000002", name: Shop, secret: 11111111111111111111111111111111, accessToken: shop-token, quota: 5, webhook: {endpoint: "BOT/shop"},
         account: {userId: Ub0000000000000000000000000000002, basicId: "@shop", displayName: Shop}}
      - {id: "1656000009", type: login, name: Login}
    people:
      - {userId: U00000000000000000000000000000a01, displayName: Aoi, pictureUrl: "https://example.com/aoi.png", statusMessage: Hello, language: ja, friendOf: ["1656000001", "1656000002"]}
      - {userId: U00000000000000000000000000000a02, displayName: Ben, friendOf: ["1656000001"]}
      - {userId: U00000000000000000000000000000a03, displayName: Chen}
      - {userId: U00000000000000000000000000000a04, displayName: Dan, blocked: ["1656000001"]}
    groups:
      - {groupId: C0000000000000000000000000000c001, name: Lunch, members: [U00000000000000000000000000000a01, U00000000000000000000000000000a02], channels: ["1656000001"]}
      - {groupId: C0000000000000000000000000000c002, name: Family, members: [U00000000000000000000000000000a01, U00000000000000000000000000000a03]}
    rooms:
      - {roomId: R0000000000000000000000000000d001, channels: ["1656000001"],
         members: [U00000000000000000000000000000a01, U00000000000000000000000000000a02, U00000000000000000000000000000a03]}
  - name: Other
    channels:
      - {id: "1656000003", name: Foreign, accessToken: foreign-token, account: {status: verified}, webhook: {endpoint: "BOT/foreign"}}
    people:
      - {userId: U00000000000000000000000000000e01, displayName: Eve, friendOf: ["1656000003"]}
`

// Start runs a server on an empty store ("" is a new SQLite file) with a world
// file ("" is World); the test's end stops it.
func Start(t testing.TB, dsn, world string) *Stage {
	t.Helper()
	if dsn == "" {
		dsn = testkit.SQLite(t)
	}
	if world == "" {
		world = World
	}
	s := &Stage{T: t, dsn: dsn, Bot: newBot(t), file: filepath.Join(t.TempDir(), "world.yaml")}
	s.Rewrite(world)
	s.run()
	t.Cleanup(func() {
		s.Stop()
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log.String())
		}
	})
	return s
}

// Log is what the server wrote to standard error.
func (s *Stage) Log() string { return s.log.String() }

// Each plays on both engines, in the usual world.
func Each(t *testing.T, run func(t *testing.T, s *Stage)) {
	t.Helper()
	testkit.EachStore(t, func(t *testing.T, dsn string) { run(t, Start(t, dsn, "")) })
}

// Rewrite replaces the world file, which the next reset reads.
func (s *Stage) Rewrite(world string) {
	s.T.Helper()
	if err := os.WriteFile(s.file, []byte(strings.ReplaceAll(world, "BOT", s.Bot.URL)), 0o600); err != nil {
		s.T.Fatal(err)
	}
}

func (s *Stage) run() {
	s.T.Helper()
	a, err := app.Start(s.T.Context(), app.Config{Listen: "127.0.0.1:0", Store: s.dsn, World: s.file, LogFormat: "text"}, &s.log)
	if err != nil {
		s.T.Fatalf("start: %v", err)
	}
	s.app, s.URL = a, a.URL()
	if s.db, err = sql.Open(driver(s.dsn)); err != nil {
		s.T.Fatalf("look into the store: %v", err)
	}
}

// Stop ends the server as an operator does.
func (s *Stage) Stop() {
	s.T.Helper()
	if s.app == nil {
		return
	}
	if s.tap != nil {
		s.tap.close()
		s.tap = nil
	}
	http.DefaultClient.CloseIdleConnections()
	if err := s.db.Close(); err != nil {
		s.T.Error(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.app.Stop(ctx); err != nil {
		s.T.Errorf("stop: %v", err)
	}
	s.app = nil
}

// Restart stops the server and runs it again on the same store and world file.
func (s *Stage) Restart() {
	s.T.Helper()
	s.Stop()
	s.run()
}

// Answer of the server.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Do sends a request; header is name, value, name, value. A body without a
// Content-Type is JSON.
func (s *Stage) Do(method, path, body string, header ...string) Answer {
	s.T.Helper()
	req, err := http.NewRequestWithContext(s.T.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		s.T.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
			continue
		}
		req.Header[header[i]] = []string{header[i+1]}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.T.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	return Answer{res.StatusCode, res.Header, string(b)}
}

var tokens = map[string]string{Cafe: "cafe-token", Shop: "shop-token", Foreign: "foreign-token"}

// As calls the platform with a channel's token.
func (s *Stage) As(channelID, method, path, body string, header ...string) Answer {
	s.T.Helper()
	return s.Do(method, path, body, append([]string{"Authorization", "Bearer " + tokens[channelID]}, header...)...)
}

// Sim calls the simulation API, which must answer 2xx.
func (s *Stage) Sim(method, path, body string) string {
	s.T.Helper()
	a := s.Do(method, "/sim/v1"+path, body)
	if a.Status/100 != 2 {
		s.T.Fatalf("%s %s %s: %d %s", method, path, body, a.Status, a.Body)
	}
	return a.Body
}

// Advance moves the virtual clock.
func (s *Stage) Advance(by string) {
	s.T.Helper()
	s.Sim("POST", "/clock", `{"advance":"`+by+`"}`)
}

// Until sets the virtual clock.
func (s *Stage) Until(instant string) {
	s.T.Helper()
	s.Sim("POST", "/clock", `{"set":"`+instant+`"}`)
}

// Hold keeps webhooks in the outbox, where effects then show them.
func (s *Stage) Hold() {
	s.T.Helper()
	s.Sim("PUT", "/faults", `{"preset":"webhooks-stopped"}`)
	s.held = true
}

// lockedBuffer is what the server logs to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
