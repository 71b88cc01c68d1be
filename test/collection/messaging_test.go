package collection

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kaiwa/test/kit"
)

const (
	channelID = "1656000001"
	secret    = "0123456789abcdef0123456789abcdef"
	longLived = "dev-token-1"
	aoi       = "U00000000000000000000000000000a01"
	ben       = "U00000000000000000000000000000a02"
	team      = "C0000000000000000000000000000c001"
	corner    = "R0000000000000000000000000000d001"

	world = `
clock: 2021-05-29T12:00:00+09:00
channels:
  - id: "1656000001"
    name: To The Moon
    secret: 0123456789abcdef0123456789abcdef
    accessToken: dev-token-1
    quota: 1000
    assertionKeys: [{kid: key-1, kty: RSA, n: "%s", e: AQAB}]
    account: {status: verified, pictureUrl: "https://example.com/p.png"}
    webhook: {endpoint: "%s"}
    memberships: [{membershipId: 3189, title: Basic, description: For regulars, benefits: [Stickers], price: 500.00, currency: JPY}]
people:
  - {userId: U00000000000000000000000000000a01, displayName: Aoi, friendOf: ["1656000001"]}
  - {userId: U00000000000000000000000000000a02, displayName: Ben, friendOf: ["1656000001"], demographics: {gender: male, age: 30, area: jp_13, appType: ios}}
crowd: [{channel: "1656000001", count: 120, seed: 1}]
groups:
  - {groupId: C0000000000000000000000000000c001, name: Team, members: [U00000000000000000000000000000a01], channels: ["1656000001"]}
rooms:
  - {roomId: R0000000000000000000000000000d001, members: [U00000000000000000000000000000a01, U00000000000000000000000000000a02], channels: ["1656000001"]}
`
)

// moon is the world that the collection's folder is played in: some years ago
// messages were sent, so that the days it asks for have numbers.
type moon struct {
	*kit.Server
	t    *testing.T
	key  *rsa.PrivateKey
	hook string
	// token is the newest event's reply token.
	token chan string
}

var replyToken = regexp.MustCompile(`"replyToken":"([0-9a-f]{32})"`)

func newMoon(t *testing.T) *moon {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	m := &moon{t: t, key: key, token: make(chan string, 100)}
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if found := replyToken.FindSubmatch(body); found != nil {
			m.token <- string(found[1])
		}
		if strings.Contains(string(body), `"events":[]`) {
			w.WriteHeader(http.StatusInternalServerError) // as the recorded test of a webhook was answered
		}
	}))
	t.Cleanup(receiver.Close)
	m.hook = receiver.URL + "/callback"
	m.Server = kit.Start(t, kit.Options{World: fmt.Sprintf(world, base64.RawURLEncoding.EncodeToString(key.N.Bytes()), m.hook)})
	return m
}

// api calls the platform as the account, and gives the answer's header and body.
func (m *moon) api(method, path, body string) kit.Answer {
	m.t.Helper()
	a := m.Do(method, path, body, "Authorization", "Bearer "+longLived)
	if a.Status/100 != 2 {
		m.t.Fatalf("%s %s %s: %d %s", method, path, body, a.Status, a.Body)
	}
	return a
}

func (m *moon) sim(path, body string) string {
	m.t.Helper()
	a := m.Do("POST", "/sim/v1"+path, body)
	if a.Status != http.StatusOK {
		m.t.Fatalf("%s %s: %d %s", path, body, a.Status, a.Body)
	}
	return a.Body
}

// says has Aoi say something to the account, and gives the reply token.
func (m *moon) says(message string) (body, token string) {
	m.t.Helper()
	body = m.sim("/people/"+aoi+"/messages", `{"chat":{"channelId":"`+channelID+`"},"message":`+message+`}`)
	return body, <-m.token
}

func (m *moon) reply(token string) {
	m.t.Helper()
	m.api("POST", "/v2/bot/message/reply", `{"replyToken":"`+token+`",`+hello+`}`)
}

const hello = `"messages":[{"type":"text","text":"hello"}]`

// past sends what the recorded statistics tell of, and moves on to the days
// that the collection asks for.
func (m *moon) past() {
	m.t.Helper()
	m.api("POST", "/v2/bot/message/broadcast", `{`+hello+`}`)
	m.api("POST", "/v2/bot/message/push", `{"to":"`+aoi+`",`+hello+`}`)
	m.api("POST", "/v2/bot/message/multicast", `{"to":["`+aoi+`","`+ben+`"],`+hello+`}`)
	_, token := m.says(`{"type":"text","text":"hi"}`)
	m.reply(token)
	m.sim("/clock", `{"set":"2025-06-02T10:00:00+09:00"}`)
}

// globals are the variables that the collection's user fills in: things that
// there are in the account.
func (m *moon) globals() map[string]string {
	m.t.Helper()
	said, _ := m.says(`{"type":"image","contentBase64":"` + base64.StdEncoding.EncodeToString(picture(m.t, 800, 540)) + `"}`)
	audience := m.api("POST", "/v2/bot/audienceGroup/upload", `{"description":"regulars","audiences":[{"id":"`+aoi+`"},{"id":"`+ben+`"}]}`)
	id, err := strconv.ParseInt(member(m.t, audience.Body, "audienceGroupId"), 10, 64)
	if err != nil {
		m.t.Fatal(err)
	}
	m.sim("/clock", `{"advance":"10m"}`)
	sent := m.api("POST", "/v2/bot/message/narrowcast", fmt.Sprintf(`{%s,"recipient":{"type":"audience","audienceGroupId":%d}}`, hello, id))
	m.sim("/clock", `{"advance":"10m"}`) // so that it is sent
	menuA, menuB := m.menu(), m.menu()
	m.sim("/people/"+aoi+"/events", `{"type":"membership","membershipId":3189,"membershipType":"joined"}`)
	<-m.token
	_, token := m.says(`{"type":"text","text":"answer me"}`)
	return map[string]string{
		"access_token": longLived, "client_id": channelID, "client_secret": secret, "JWT": m.assertion(),
		"userid": aoi, "userId": aoi, "userid2": ben, "groupId": team, "roomId": corner, "messageId": member(m.t, said, "messageId"),
		"replyToken": token, "UUID": "123e4567-e89b-12d3-a456-426614174000", "request_id": sent.Header.Get("X-Line-Request-Id"),
		"narrowcast":      sent.Header.Get("X-Line-Request-Id"),
		"audienceGroupId": strconv.FormatInt(id, 10), "membershipId": "3189", "limit": "100", "start": "", "webhook_endpoint": m.hook,
		"richmenuId_a": menuA, "richmenuId_b": menuB, "richMenuAliasId": "richmenu-b", "img_url": "https://example.com/map",
	}
}

// menu makes a rich menu with its image.
func (m *moon) menu() string {
	m.t.Helper()
	id := member(m.t, m.api("POST", "/v2/bot/richmenu", `{"size":{"width":800,"height":540},"selected":true,"name":"a","chatBarText":"b","areas":[]}`).Body, "richMenuId")
	a := m.Do("POST", "/v2/bot/richmenu/"+id+"/content", string(picture(m.t, 800, 540)), "Authorization", "Bearer "+longLived, "Content-Type", "image/jpeg")
	if a.Status != http.StatusOK {
		m.t.Fatalf("the image of a rich menu: %d %s", a.Status, a.Body)
	}
	return id
}

// assertion is the signed request for a channel access token v2.1.
func (m *moon) assertion() string {
	m.t.Helper()
	now, err := time.Parse(time.RFC3339Nano, member(m.t, m.Do("GET", "/sim/v1/clock", "").Body, "now"))
	if err != nil {
		m.t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: m.key, KeyID: "key-1"}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		m.t.Fatal(err)
	}
	claims := fmt.Sprintf(`{"iss":%q,"sub":%q,"aud":"https://api.line.me/","exp":%d,"token_exp":86400}`, channelID, channelID, now.Add(20*time.Minute).Unix())
	object, err := signer.Sign([]byte(claims))
	if err != nil {
		m.t.Fatal(err)
	}
	signed, err := object.CompactSerialize()
	if err != nil {
		m.t.Fatal(err)
	}
	return signed
}

func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// file puts a file where newman finds it.
func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// member is a text or number of a JSON object, by its name.
func member(t *testing.T, body, name string) string {
	t.Helper()
	found := regexp.MustCompile(`"` + name + `":\s*"?([^",}]*)`).FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no %s in %s", name, body)
	}
	return found[1]
}

func TestMessagingAPI(t *testing.T) {
	requests := readFolder(t, "Messaging API")
	m := newMoon(t)
	m.past()
	globals := m.globals()
	steps := messagingSteps(file(t, "menu.jpg", picture(t, 2500, 1686)), file(t, "ids.txt", []byte(aoi+"\n"+ben+"\n")))
	check(t, requests, steps, play(t, m.URL, requests, steps, globals))
}

// check holds the answers against the table and against what was recorded.
func check(t *testing.T, requests []request, steps []step, answers []answer) {
	t.Helper()
	if len(answers) != len(steps) {
		t.Fatalf("%d answers to %d requests", len(answers), len(steps))
	}
	for i, a := range answers {
		s, r := steps[i], requests[i]
		if a.Status != s.status {
			t.Errorf("%d %s/%s: %d, want %d: %.300s", i+1, r.folder, s.name, a.Status, s.status, a.Body)
			continue
		}
		if s.want != "" && !like(s.want, a.Body) {
			t.Errorf("%d %s/%s: %.400s\nwant %s", i+1, r.folder, s.name, a.Body, s.want)
		}
		if recorded, ok := r.recorded[a.Status]; ok && recorded != "" {
			if d := differs(recorded, a.Body); d != "" {
				t.Errorf("%d %s/%s has not the recorded shape: %s\ngot      %.400s\nrecorded %.400s", i+1, r.folder, s.name, d, a.Body, recorded)
			}
		}
	}
}

// like compares with * for any text.
func like(want, got string) bool {
	parts := strings.Split(want, "*")
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}
	return regexp.MustCompile(`^(?s:` + strings.Join(parts, ".*") + `)$`).MatchString(got)
}
