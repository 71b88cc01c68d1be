package richmenu_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

const (
	batchAt    = "/v2/bot/richmenu/batch"
	validateAt = "/v2/bot/richmenu/validate/batch"
	progressAt = "/v2/bot/richmenu/progress/batch?requestId="
)

func ops(list ...string) string { return `{"operations":[` + strings.Join(list, ",") + `]}` }

func from(a, b string) string { return `{"type":"link","from":"` + a + `","to":"` + b + `"}` }
func unlink(a string) string  { return `{"type":"unlink","from":"` + a + `"}` }

const unlinkAll = `{"type":"unlinkAll"}`

// batch sends an accepted batch and gives its request id.
func batch(s *stage.Stage, body string) string {
	s.T.Helper()
	a := ok(s, "POST", batchAt, body)
	if a.Status != 202 || a.Body != `{}` {
		s.T.Fatalf("batch: %d %s", a.Status, a.Body)
	}
	return a.Header.Get("x-line-request-id")
}

func phase(s *stage.Stage, requestID string) string {
	s.T.Helper()
	_, rest, _ := strings.Cut(ok(s, "GET", progressAt+requestID, "").Body, `"phase":"`)
	word, _, _ := strings.Cut(rest, `"`)
	return word
}

// Operations see the links as they were before the request: A becomes B, what
// was B becomes C, and nothing becomes C by way of B.
func TestBatch(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		a, b, c := menu(s, "a", postback), menu(s, "b", postback), menu(s, "c", postback)
		link(s, stage.Aoi, a)
		link(s, stage.Ben, b)
		for name, list := range map[string][]string{"forwards": {from(a, b), from(b, c)}, "backwards": {from(b, c), from(a, b)}} {
			id := batch(s, ops(list...))
			if got := phase(s, id); got != "ongoing" {
				t.Errorf("%s: at once %s", name, got)
			}
			s.Advance("1m")
			if has(s, stage.Aoi) != b || has(s, stage.Ben) != c {
				t.Errorf("%s: aoi has %q, ben %q", name, has(s, stage.Aoi), has(s, stage.Ben))
			}
			s.Play(t, []stage.Step{{Name: name + " is done", Call: "GET " + progressAt + id, As: stage.Cafe, Status: 200,
				Want: `{"phase":"succeeded","acceptedTime":"2026-01-15T00:*Z","completedTime":"2026-01-15T00:*Z"}`}})
			link(s, stage.Aoi, a)
			link(s, stage.Ben, b)
		}
		s.Advance("1h")
		batch(s, ops(unlink(a), from(b, a)))
		s.Advance("1m")
		if has(s, stage.Aoi) != "" || has(s, stage.Ben) != a {
			t.Errorf("after an unlink aoi has %q, ben %q", has(s, stage.Aoi), has(s, stage.Ben))
		}
		link(s, stage.Aoi, c)
		setDefault(s, b)
		batch(s, ops(unlinkAll))
		s.Advance("1m")
		if n := links(s); n != 0 {
			t.Errorf("%d links after unlinkAll", n)
		}
		if got := ok(s, "GET", "/v2/bot/user/all/richmenu", "").Body; !strings.Contains(got, b) {
			t.Errorf("the default is %s", got)
		}
	})
}

// What happens to a person after the request was accepted stays.
func TestBatchLeavesWhatCameLater(t *testing.T) {
	s := stage.Start(t, "", "")
	a, b, c := menu(s, "a", postback), menu(s, "b", postback), menu(s, "c", postback)
	link(s, stage.Aoi, a)
	link(s, stage.Ben, a)
	batch(s, ops(from(a, b)))
	link(s, stage.Aoi, c)
	ok(s, "DELETE", "/v2/bot/user/"+stage.Ben+"/richmenu", "")
	link(s, stage.Ben, a)
	s.Restart()
	s.Advance("1m")
	if has(s, stage.Aoi) != c || has(s, stage.Ben) != a {
		t.Errorf("aoi has %q, ben %q", has(s, stage.Aoi), has(s, stage.Ben))
	}
}

// A request with the key of an earlier one does what is left of that one: it
// leaves people alone who were linked since. After 14 days it is a new request.
func TestResume(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		a, b := menu(s, "a", postback), menu(s, "b", postback)
		body := `{"operations":[` + from(a, b) + `],"resumeRequestKey":"key-_1"}`
		link(s, stage.Aoi, a)
		first := batch(s, body)
		s.Advance("1m")
		link(s, stage.Aoi, a)
		again := batch(s, body)
		s.Advance("1m")
		if has(s, stage.Aoi) != a || phase(s, again) != "succeeded" || first == again {
			t.Errorf("aoi has %q, phase %s", has(s, stage.Aoi), phase(s, again))
		}
		s.Advance("335h57m")
		batch(s, body)
		s.Advance("30s")
		if has(s, stage.Aoi) != a {
			t.Error("the key was forgotten before 14 days")
		}
		s.Advance("1h")
		batch(s, body)
		s.Advance("1m")
		if has(s, stage.Aoi) != b {
			t.Error("after 14 days the request is no new one")
		}
		s.Play(t, []stage.Step{{Name: "progress after 14 days", Call: "GET " + progressAt + first, As: stage.Cafe, Status: 404, Want: notFound}})
	})
}

// A menu that goes away before others are replaced with it fails the batch; what
// could be done is done.
func TestFailedBatch(t *testing.T) {
	s := stage.Start(t, "", "")
	a, b, c := menu(s, "a", postback), menu(s, "b", postback), menu(s, "c", postback)
	link(s, stage.Aoi, a)
	link(s, stage.Ben, b)
	id := batch(s, ops(from(a, c), unlink(b)))
	ok(s, "DELETE", "/v2/bot/richmenu/"+c, "")
	s.Advance("1m")
	if phase(s, id) != "failed" || has(s, stage.Aoi) != a || has(s, stage.Ben) != "" {
		t.Errorf("%s, aoi has %q, ben %q", phase(s, id), has(s, stage.Aoi), has(s, stage.Ben))
	}
}

func TestRefusedBatches(t *testing.T) {
	s := stage.Start(t, "", "")
	a, bare := menu(s, "a", postback), create(s, "b", postback)
	short := func(id string) string { return id[:15] + "..." }
	gone := "richmenu-d3385e00000000000000000000000000"
	size := details("1", "Size must be between 1 and 1000", "operations")
	for _, c := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"a malformed menu", ops(from("x", a)), 400, details("1", "invalid richMenuId", "operations[0].from")},
		{"a malformed second one", ops(unlink(a), from(bare, "x")), 400, details("1", "invalid richMenuId", "operations[1].to")},
		{"no menu to unlink", ops(`{"type":"unlink"}`), 400, details("1", "invalid richMenuId", "operations[0].from")},
		{"twice from one menu", ops(unlink(a), from(a, bare), unlink(a)), 400, details("1", "from richmenu ("+short(a)+") is duplicated", "operations[].from")},
		{"unlinkAll and others", ops(unlinkAll, unlink(a)), 400, details("1", "'unlinkAll' type can't be combined with other type", "operations[].type")},
		{"to one without a picture", ops(from(a, bare)), 400, details("1", "'to' richmenu ("+short(bare)+") must have image but it doesn't", "operations[0].to")},
		{"to none", ops(from(a, gone)), 404, details("1", "Richmenu (richmenu-d3385e...) is not found", "operations[0].to")},
		{"from none", ops(unlink(gone)), 404, details("1", "Richmenu (richmenu-d3385e...) is not found", "operations[0].from")},
		{"of no type", ops(`{"from":"` + a + `"}`), 400, `{"message":"The property, 'operations[0].type', in the request body is invalid (line: -, column: -)"}`},
		{"of another type", ops(`{"type":"Unlink"}`), 400, `{"message":"The property, 'operations[0].type', in the request body is invalid (line: -, column: -)"}`},
		{"no operations", ops(), 400, size},
		{"operations missing", `{}`, 400, size},
		{"1001 operations", ops(strings.TrimSuffix(strings.Repeat(unlinkAll+",", 1001), ",")), 400, size},
		{"a malformed key", `{"operations":[` + unlinkAll + `],"resumeRequestKey":"a b"}`, 400, details("1", "invalid resumeRequestKey", "resumeRequestKey")},
		{"a key too long", `{"operations":[` + unlinkAll + `],"resumeRequestKey":"` + strings.Repeat("a", 101) + `"}`, 400, details("1", "invalid resumeRequestKey", "resumeRequestKey")},
	} {
		s.Advance("1h") // 3 an hour
		for _, at := range []string{batchAt, validateAt} {
			s.Play(t, []stage.Step{{Name: c.name + " " + at, Call: "POST " + at, As: stage.Cafe, Body: c.body, Status: c.status, Want: c.want}})
		}
	}
	s.Play(t, []stage.Step{
		{Name: "another channel's", Call: "POST " + validateAt, As: stage.Shop, Body: ops(unlink(a)), Status: 404,
			Want: details("1", "Richmenu ("+short(a)+") is not found", "operations[0].from")},
		{Name: "valid", Call: "POST " + validateAt, As: stage.Cafe, Body: ops(from(bare, a)), Status: 200, Want: `{}`},
		{Name: "an unlink with a to", Call: "POST " + validateAt, As: stage.Cafe, Body: ops(`{"type":"unlink","from":"` + a + `","to":"x"}`), Status: 200, Want: `{}`},
		{Name: "1000 times unlinkAll", Call: "POST " + validateAt, As: stage.Cafe, Body: ops(strings.TrimSuffix(strings.Repeat(unlinkAll+",", 1000), ",")), Status: 200, Want: `{}`},
		{Name: "progress of what is no id", Call: "GET " + progressAt + "x", As: stage.Cafe, Status: 400, Want: `{"message":"The value for the 'requestId' parameter is invalid"}`},
		{Name: "progress of nothing", Call: "GET " + strings.TrimSuffix(progressAt, "?requestId="), As: stage.Cafe, Status: 400, Want: `{"message":"The value for the 'requestId' parameter is invalid"}`},
		{Name: "progress of no batch", Call: "GET " + progressAt + "00000000-0000-4000-8000-000000000000", As: stage.Cafe, Status: 404, Want: notFound},
	})
	id := batch(s, ops(unlinkAll))
	s.Play(t, []stage.Step{{Name: "progress of another channel's", Call: "GET " + progressAt + id, As: stage.Shop, Status: 404, Want: notFound}})
}

// crowd is the usual world with so many more friends of the cafe's.
func crowd(size int) string {
	return fmt.Sprintf("%s\ncrowd:\n  - {channel: %q, count: %d, seed: 1}\n", stage.World, stage.Cafe, size)
}

// followers are all friends of the cafe.
func followers(s *stage.Stage) (users []string) {
	s.T.Helper()
	start := ""
	for {
		var page struct {
			UserIDs []string `json:"userIds"`
			Next    string   `json:"next"`
		}
		if err := json.Unmarshal([]byte(ok(s, "GET", "/v2/bot/followers/ids?limit=1000&start="+url.QueryEscape(start), "").Body), &page); err != nil {
			s.T.Fatal(err)
		}
		users = append(users, page.UserIDs...)
		if start = page.Next; start == "" {
			return users
		}
	}
}

// A batch that is larger than one transaction changes everybody.
func TestLargeBatch(t *testing.T) {
	const size = 4500
	s := stage.Start(t, "", crowd(size))
	a, b := menu(s, "a", postback), menu(s, "b", postback)
	users := followers(s)
	for some := range slices.Chunk(users, 500) {
		ok(s, "POST", "/v2/bot/richmenu/bulk/link", `{"richMenuId":"`+a+`","userIds":`+ids(some...)+`}`)
	}
	s.Advance("1m")
	batch(s, ops(from(a, b)))
	s.Advance("1m")
	var n int
	s.Row(`SELECT COUNT(*) FROM rich_menu_links l JOIN rich_menus m ON m.no = l.menu_no WHERE m.name = 'b'`, nil, &n)
	if n != len(users) || n < size {
		t.Errorf("%d of %d are linked to b", n, len(users))
	}
}
