package clients

import (
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

const notFound = `{"message":"Not found"}`

func TestProfile(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	full, err := s.api.GetProfile(aoi)
	want := m.UserProfileResponse{UserId: aoi, DisplayName: "Aoi", PictureUrl: "https://example.com/aoi.png", StatusMessage: "Coffee first", Language: "ja"}
	if must(t, full, err); *full != want {
		t.Errorf("aoi: %+v", full)
	}
	bare, err := s.api.GetProfile(ben)
	if must(t, bare, err); *bare != (m.UserProfileResponse{UserId: ben, DisplayName: "Ben"}) {
		t.Errorf("ben: %+v", bare)
	}
	if answer := s.server.Do("GET", "/v2/bot/profile/"+ben, "", "Authorization", "Bearer "+cafeToken); answer.Body != `{"displayName":"Ben","userId":"`+ben+`"}` {
		t.Errorf("what is unset is left out: %s", answer.Body)
	}
	_, err = s.api.GetProfile(chen)
	refused(t, "a stranger", err, 404, notFound)
	s.writes(chen, cafe, "hello?")
	if got, err := s.api.GetProfile(chen); err != nil || got.DisplayName != "Chen" {
		t.Errorf("a stranger who wrote: %+v %v", got, err)
	}
	for name, id := range map[string]string{"who blocked the account": dai, "nobody": lost} {
		_, err = s.api.GetProfile(id)
		refused(t, name, err, 404, notFound)
	}
	for _, id := range []string{"me", "U" + strings.ToUpper(aoi[1:]), aoi + "0", team} {
		_, err = s.api.GetProfile(id)
		refused(t, id, err, 400, `{"message":"The value for the 'userId' parameter is invalid"}`)
	}
}

func TestFollowers(t *testing.T) {
	t.Parallel()
	s := newStage(t, "crowd: [{channel: \"1656000001\", count: 1250, seed: 7}]\n")
	// page reads one page, for the SDK's limit 0 of the default size.
	page := func(start string, limit int32) *m.GetFollowersResponse {
		t.Helper()
		got, err := s.api.GetFollowers(start, limit)
		return must(t, got, err)
	}
	for _, c := range []struct {
		limit int32
		pages []int
	}{{0, []int{300, 300, 300, 300, 52}}, {1000, []int{1000, 252}}, {626, []int{626, 626}}, {1, nil}} {
		var all []string
		start := ""
		for _, want := range c.pages {
			got := page(start, c.limit)
			if len(got.UserIds) != want {
				t.Errorf("limit %d: a page of %d, want %d", c.limit, len(got.UserIds), want)
			}
			all, start = append(all, got.UserIds...), got.Next
			if len(all) < 1252 != (start != "") {
				t.Errorf("limit %d: next %q after %d", c.limit, start, len(all))
			}
		}
		slices.Sort(all)
		if c.pages != nil && (len(slices.Compact(all)) != 1252 || !slices.Contains(all, aoi) || !slices.Contains(all, ben) || slices.Contains(all, dai)) {
			t.Errorf("limit %d: %d followers", c.limit, len(all))
		}
	}
	sim[object](s, "POST", "/people/"+ben+"/unfollow", object{"channelId": cafe})
	if all := append(page("", 1000).UserIds, page(page("", 1000).Next, 1000).UserIds...); slices.Contains(all, ben) || len(all) != 1251 {
		t.Errorf("%d followers after ben left", len(all))
	}
	next := page("", 1).Next
	s.advance(24*time.Hour - time.Minute)
	page(next, 1)
	s.advance(2 * time.Minute)
	for _, start := range []string{next, "nonsense"} {
		_, err := s.api.GetFollowers(start, 1)
		refused(t, "start "+start, err, 400, `{"message":"Invalid start param"}`)
	}
	if _, err := s.api.GetFollowers("", 1001); err == nil || !strings.HasPrefix(err.Error(), "unexpected status code: 400, ") {
		t.Errorf("limit 1001: %v", err)
	}
	_, err := s.client(teaToken).GetFollowers("", 0)
	refused(t, "an unverified account", err, 403, `{"message":"Access to this API is not available for your account"}`)
}

func TestBotInfo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	got, err := s.api.GetBotInfo()
	want := m.BotInfoResponse{UserId: cafeUser, BasicId: "@kaiwacafe", PremiumId: "@cafe", DisplayName: "Kaiwa Cafe", PictureUrl: "https://example.com/p.png", ChatMode: "bot", MarkAsReadMode: "auto"}
	if must(t, got, err); *got != want {
		t.Errorf("%+v", got)
	}
	got, err = s.client(teaToken).GetBotInfo()
	if must(t, got, err); got.PremiumId != "" || got.PictureUrl != "" || got.DisplayName != "Kaiwa Tea" || got.BasicId[0] != '@' {
		t.Errorf("%+v", got)
	}
}

// Bots behind gateways read the header's name as it is written.
func TestRequestIDOnTheWire(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, path := range []string{"/v2/bot/info", "/v2/bot/no-such-thing", "/oauth2/v2.1/verify"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.server.URL, "http://"))
		must(t, conn, err)
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: api.line.me\r\nConnection: close\r\n\r\n", path)
		answer, err := io.ReadAll(conn)
		conn.Close()
		if must(t, answer, err); !strings.Contains(string(answer), "\r\nx-line-request-id: ") {
			t.Errorf("%s: %s", path, answer)
		}
	}
}

// What is not there is told as JSON, too: older SDKs parse every error.
func TestUnknown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, c := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/v2/bot/no-such-thing", 404, notFound},
		{"GET", "/v2/bot/message/push", 405, `{"message":"The request method, 'GET', is not supported"}`},
		{"DELETE", "/v2/bot/info", 405, `{"message":"The request method, 'DELETE', is not supported"}`},
	} {
		answer := s.server.Do(c.method, c.path, "", "Authorization", "Bearer "+cafeToken)
		if answer.Status != c.status || answer.Body != c.body || answer.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %d %s", c.method, c.path, answer.Status, answer.Body)
		}
	}
	answer := s.server.Do("POST", "/v2/bot/message/push", strings.Repeat(" ", 2<<20+1), "Authorization", "Bearer "+cafeToken)
	if answer.Status != 413 || !strings.HasPrefix(answer.Body, `{"message":`) {
		t.Errorf("more than 2 MB: %d %s", answer.Status, answer.Body)
	}
}
