package message_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

const (
	narrowcast = "POST /v2/bot/message/narrowcast"
	progress   = "GET /v2/bot/message/progress/narrowcast?requestId="
	// men selects 80 of the town's 100.
	men = `"filter":{"demographic":{"type":"gender","oneOf":["male"]}}`
)

// town is a world of accounts with 100 friends each: 80 men and 20 women, the
// quota of each account standing behind its id.
func town(quotas map[string]int) string {
	var channels, people strings.Builder
	var ids []string
	for id, quota := range quotas {
		ids = append(ids, `"`+id+`"`)
		limit := ""
		if quota >= 0 {
			limit = fmt.Sprintf(", quota: %d", quota)
		}
		fmt.Fprintf(&channels, "      - {id: %q, name: Town, accessToken: token-%s%s}\n", id, id, limit)
	}
	for i := range 100 {
		gender := "male"
		if i >= 80 {
			gender = "female"
		}
		fmt.Fprintf(&people, "      - {userId: %s, displayName: P, friendOf: [%s], demographics: {gender: %s, age: %d}}\n",
			citizen(i), strings.Join(ids, ", "), gender, i)
	}
	return "clock: 2026-01-15T09:00:00+09:00\nproviders:\n  - name: Demo\n    channels:\n" + channels.String() + "    people:\n" + people.String()
}

func citizen(i int) string { return fmt.Sprintf("U%032x", 0x1000+i) }

// call is a request of one of the town's accounts.
func call(s *stage.Stage, account, call, body string) stage.Answer {
	s.T.Helper()
	method, path, _ := strings.Cut(call, " ")
	return s.Do(method, path, body, "Authorization", "Bearer token-"+account)
}

// order sends a narrowcast that is accepted, and gives its request id.
func order(s *stage.Stage, account, more string) string {
	s.T.Helper()
	a := call(s, account, narrowcast, `{`+hi+`,`+more+`}`)
	if a.Status != 202 || a.Body != `{}` {
		s.T.Fatalf("%s: %d %s", more, a.Status, a.Body)
	}
	return a.Header.Get("x-line-request-id")
}

// outcome is a narrowcast's progress without the times: "succeeded 80/0/80", "failed 5".
func outcome(s *stage.Stage, account, requestID string) string {
	s.T.Helper()
	var p struct {
		Phase                                   string
		SuccessCount, FailureCount, TargetCount int
		ErrorCode                               int
	}
	a := call(s, account, progress+requestID, "")
	if err := json.Unmarshal([]byte(a.Body), &p, json.MatchCaseInsensitiveNames(true)); err != nil || a.Status != 200 {
		s.T.Fatalf("%d %s", a.Status, a.Body)
	}
	switch {
	case p.ErrorCode > 0:
		return fmt.Sprint(p.Phase, " ", p.ErrorCode)
	case strings.Contains(a.Body, "Count"):
		return fmt.Sprintf("%s %d/%d/%d", p.Phase, p.SuccessCount, p.FailureCount, p.TargetCount)
	}
	return p.Phase
}

func usageOf(s *stage.Stage, account string) string {
	s.T.Helper()
	return call(s, account, "GET /v2/bot/message/quota/consumption", "").Body
}

// The table of the guide: 100 friends, 80 of them selected, the month's limit 90 or 50.
// https://developers.line.biz/en/docs/messaging-api/sending-messages/#maximum-send-numbers-control
func TestNarrowcastLimits(t *testing.T) {
	rows := []struct {
		quota       int
		limit, want string // "" is refused at once
	}{
		{90, ``, ``},
		{90, `{"upToRemainingQuota":true}`, "succeeded 80/0/80"},
		{90, `{"upToRemainingQuota":true,"forbidPartialDelivery":true}`, "succeeded 80/0/80"},
		{90, `{"max":30,"upToRemainingQuota":true}`, "succeeded 30/0/30"},
		{90, `{"max":30,"upToRemainingQuota":true,"forbidPartialDelivery":true}`, "failed 5"},
		{50, ``, ``},
		{50, `{"upToRemainingQuota":true}`, "succeeded 50/0/50"},
		{50, `{"upToRemainingQuota":true,"forbidPartialDelivery":true}`, "failed 5"},
		{50, `{"max":30,"upToRemainingQuota":true}`, "succeeded 30/0/30"},
		{50, `{"max":30,"upToRemainingQuota":true,"forbidPartialDelivery":true}`, "failed 5"},
		// What the table leaves out.
		{50, `{"max":30}`, "succeeded 30/0/30"},
		{50, `{"max":51}`, ``},
		{0, `{"upToRemainingQuota":true}`, ``},
		{100, ``, "succeeded 80/0/80"},
		{-1, ``, "succeeded 80/0/80"},
		{-1, `{"max":1}`, "succeeded 1/0/1"},
		{-1, `{"max":200,"upToRemainingQuota":true,"forbidPartialDelivery":true}`, "succeeded 80/0/80"},
	}
	account := func(i int) string { return fmt.Sprint(1657000000 + i) }
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		quotas := map[string]int{}
		for i, row := range rows {
			quotas[account(i)] = row.quota
		}
		s := stage.Start(t, dsn, town(quotas))
		ids := make([]string, len(rows))
		for i, row := range rows {
			limit := ""
			if row.limit != "" {
				limit = `,"limit":` + row.limit
			}
			if row.want != "" {
				ids[i] = order(s, account(i), men+limit)
			} else if a := call(s, account(i), narrowcast, `{`+hi+`,`+men+limit+`}`); a.Status != 429 || a.Body != over {
				t.Errorf("%d %s: %d %s", row.quota, row.limit, a.Status, a.Body)
			}
		}
		s.Advance("10m")
		for i, row := range rows {
			if row.want == "" {
				continue
			}
			got := outcome(s, account(i), ids[i])
			if got != row.want {
				t.Errorf("%d %s: %s, want %s", row.quota, row.limit, got, row.want)
			}
			n := 0
			if _, err := fmt.Sscanf(got, "succeeded %d/", &n); err == nil || row.want == "failed 5" {
				if got, want := usageOf(s, account(i)), fmt.Sprintf(`{"totalUsage":%d}`, n); got != want {
					t.Errorf("%d %s: %s, want %s", row.quota, row.limit, got, want)
				}
			}
		}
		var left int
		if s.Row(`SELECT SUM(value) FROM counters WHERE name = 'reserved'`, nil, &left); left != 0 {
			t.Errorf("%d messages stay reserved", left)
		}
	})
}

// 60 narrowcasts an hour, be they accepted or not.
func TestNarrowcastRate(t *testing.T) {
	s := stage.Start(t, "", "")
	for i := range 60 {
		if a := s.As(stage.Cafe, "POST", "/v2/bot/message/narrowcast", `{`+noText+`}`); a.Status != 400 {
			t.Fatalf("%d: %d %s", i, a.Status, a.Body)
		}
	}
	s.Play(t, []stage.Step{
		{Name: "the 61st", Call: narrowcast, As: stage.Cafe, Body: `{` + hi + `}`, Status: 429,
			Want: `{"message":"The API rate limit has been exceeded. Try again later."}`},
		{Name: "another account's first", Call: narrowcast, As: stage.Shop, Body: `{` + hi + `}`, Status: 202, Want: `{}`, Effect: "#reserved+1 narrowcasts+1"},
	})
}
