package api_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/store"
)

// failing is an operation that ends with err.
func failing(err error) api.Op {
	return api.Op{ID: "fail", Pattern: "GET /fail", Run: api.None(func(*api.Call) (any, error) { return nil, err })}
}

func TestRefusals(t *testing.T) {
	secret := errors.New("secret of the inside")
	for name, c := range map[string]struct {
		err    error
		status int
		body   string
		header string // of Retry-After
		logged bool
	}{
		"own":             {api.Errorf(api.Conflict, "taken %d", 7), 409, `{"message":"taken 7"}`, "", false},
		"own, wrapped":    {fmt.Errorf("push: %w", api.Errorf(api.NotFound, "none")), 404, `{"message":"none"}`, "", false},
		"with details":    {&api.Error{Code: api.Invalid, Message: "m", Details: []api.Detail{{Message: "too long", Property: "messages[0].text"}, {Property: "to"}}}, 400, `{"message":"m","details":[{"message":"too long","property":"messages[0].text"},{"property":"to"}]}`, "", false},
		"empty details":   {&api.Error{Code: api.Invalid, Message: "m", EmptyDetails: true}, 400, `{"message":"m","details":[]}`, "", false},
		"more members":    {&api.Error{Code: api.Conflict, Message: "m", Extra: []api.Member{{Name: "sentMessages", Value: []note{{N: 1}}}, {Name: `a"b`, Value: nil}}}, 409, `{"message":"m","sentMessages":[{"n":1}],"a\"b":null}`, "", false},
		"with a header":   {&api.Error{Code: api.Limited, Message: "m", Header: http.Header{"Retry-After": {"7"}}}, 429, `{"message":"m"}`, "7", false},
		"any error":       {secret, 500, `{"message":"The server met an error. Its log tells more."}`, "", true},
		"store away":      {fmt.Errorf("%w: %w", store.ErrUnavailable, secret), 503, `{"message":"The server cannot store anything now. Try again later."}`, "1", true},
		"a text of none":  {fmt.Errorf("%w: %w", store.ErrText, secret), 400, `{"message":"The request has a text with NUL or invalid UTF-8"}`, "", false},
		"store not found": {store.ErrNotFound, 500, `{"message":"The server met an error. Its log tells more."}`, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, family, failing(c.err))
			got := b.call("GET", "/fail", "")
			b.want(got, c.status, c.body)
			if got.header.Get("Retry-After") != c.header {
				t.Errorf("Retry-After %q, want %q", got.header.Get("Retry-After"), c.header)
			}
			if logged := strings.Contains(b.log.String(), `level=ERROR`) && strings.Contains(b.log.String(), got.requestID()); logged != c.logged {
				t.Errorf("the log says: %s", b.log.String())
			}
		})
	}
}

func TestPanic(t *testing.T) {
	b := newBench(t, family, op("json", "POST /json"), api.Op{ID: "bad", Pattern: "GET /bad", Run: api.None(func(c *api.Call) (any, error) {
		return []int{}[len(c.Owner)], nil
	})})
	s := b.listen()
	for range 3 {
		r, _ := http.NewRequest("GET", s.URL+"/bad", nil)
		r.Header.Set("Authorization", "Bearer 1")
		res, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 500 || string(body) != `{"message":"The server met an error. Its log tells more."}` {
			t.Errorf("%d %s", res.StatusCode, body)
		}
	}
	if log := b.log.String(); b.panics.Load() != 3 || !strings.Contains(log, "index out of range [1]") || !strings.Contains(log, "failure_test.go") {
		t.Errorf("%d panics noted; %s", b.panics.Load(), log)
	}
	b.want(b.call("POST", "/json", `{"n":1}`, asJSON), 200, `{"n":1}`)
}

// TestOrderOfChecks: who, a fault, may they, how often, how large, what.
func TestOrderOfChecks(t *testing.T) {
	f := family
	f.Check = func(c *api.Call) error {
		if c.Header("X-Line-Retry-Key") != "" && !c.Op.RetryKey {
			return api.Errorf(api.Invalid, "no retry key here")
		}
		return nil
	}
	f.Limit = limit.Rate{Requests: 1, Per: time.Hour}
	keyed := op("keyed", "POST /keyed")
	keyed.RetryKey = true
	b := newBench(t, f, op("plain", "POST /plain"), keyed)
	step := func(name string, got answer, status int, body string) {
		t.Helper()
		if got.status != status || got.body != body {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	tooLarge := strings.Repeat("x", bodyMost+1)
	step("nobody", b.call("POST", "/plain", tooLarge, "Authorization: ", "X-Line-Retry-Key: a"), 401, `{"message":"who are you?"}`)
	step("not allowed", b.call("POST", "/plain", tooLarge, "X-Line-Retry-Key: a"), 400, `{"message":"no retry key here"}`)
	step("too large", b.call("POST", "/plain", tooLarge), 413, `{"message":"too large"}`)
	step("too often, though it was refused before", b.call("POST", "/plain", tooLarge), 429, `{"message":"too often"}`)
	step("its own limit", b.call("POST", "/keyed", `{"n":1}`, asJSON, "X-Line-Retry-Key: a"), 200, `{"n":1}`)
	b.server.Faults.Put([]fault.Rule{{Effect: fault.Effect{Status: 503}}})
	step("fault before the limit", b.call("POST", "/plain", `{}`, asJSON), 503, `{"message":"Fault: the server was told to answer 503"}`)
	step("nobody before the fault", b.call("POST", "/plain", `{}`, "Authorization: "), 401, `{"message":"who are you?"}`)
}

func TestRateLimits(t *testing.T) {
	f := family
	f.Limit = limit.Rate{Requests: 3, Per: time.Hour}
	rare := op("rare", "POST /rare")
	rare.Limit = limit.Rate{Requests: 1, Per: time.Hour}
	b := newBench(t, f, op("often", "POST /often"), rare)
	passed := func(path, owner string) (n int) {
		for range 5 {
			got := b.call("POST", path, "{}", asJSON, "Authorization: Bearer "+owner)
			if got.status == 200 {
				n++
			} else if got.status != 429 || got.body != `{"message":"too often"}` {
				t.Errorf("%d %s", got.status, got.body)
			}
		}
		return n
	}
	for _, c := range []struct {
		path, owner string
		want        int
	}{{"/often", "a", 3}, {"/often", "b", 3}, {"/rare", "a", 1}, {"/often", "a", 0}} {
		if n := passed(c.path, c.owner); n != c.want {
			t.Errorf("%s by %s: %d of 5 passed, want %d", c.path, c.owner, n, c.want)
		}
	}
	b.server.Limits.Off(true)
	if n := passed("/rare", "a"); n != 5 {
		t.Errorf("without limits %d of 5 passed", n)
	}
}

// TestAdmitLater: the owner, and so whose limit it is, is known from the body only.
func TestAdmitLater(t *testing.T) {
	f := family
	f.Authenticate = nil
	f.Limit = limit.Rate{Requests: 1, Per: time.Hour}
	b := newBench(t, f, api.Op{ID: "later", Pattern: "POST /later", AdmitLater: true, Run: api.JSON(func(c *api.Call, in note) (any, error) {
		return in, c.Admit(in.Text)
	})})
	for i, c := range []struct {
		owner  string
		status int
	}{{"a", 200}, {"b", 200}, {"a", 429}, {"b", 429}} {
		if got := b.call("POST", "/later", `{"text":"`+c.owner+`"}`, asJSON); got.status != c.status {
			t.Errorf("call %d by %s: %d %s", i, c.owner, got.status, got.body)
		}
	}
	if owners := b.server.Requests.List("a", 10, 0); len(owners) != 2 {
		t.Errorf("the log has %d requests of a", len(owners))
	}
}

// A fault for one channel finds also the calls whose body says whose they are,
// and one for all acts on them once.
func TestFaultsBeforeALateAdmission(t *testing.T) {
	f := family
	f.Authenticate = nil
	b := newBench(t, f, api.Op{ID: "later", Pattern: "POST /later", AdmitLater: true, Run: api.JSON(func(c *api.Call, in note) (any, error) {
		return in, c.Admit(in.Text)
	})})
	b.server.Faults.Put([]fault.Rule{{Match: fault.Match{ChannelID: "a"}, Effect: fault.Effect{Status: 503, Times: 1}},
		{Match: fault.Match{Path: "/later"}, Effect: fault.Effect{Status: 502, Times: 1}}})
	for i, c := range []struct {
		owner  string
		status int
	}{{"b", 502}, {"b", 200}, {"a", 503}, {"a", 200}} {
		if got := b.call("POST", "/later", `{"text":"`+c.owner+`"}`, asJSON); got.status != c.status {
			t.Errorf("call %d by %s: %d %s", i, c.owner, got.status, got.body)
		}
	}
}

func TestFaults(t *testing.T) {
	never := 0.0
	for name, c := range map[string]struct {
		effect fault.Effect
		status int
		body   string
	}{
		"status":          {fault.Effect{Status: 502}, 502, `{"message":"Fault: the server was told to answer 502"}`},
		"too often":       {fault.Effect{Status: 429}, 429, `{"message":"too often"}`},
		"status and body": {fault.Effect{Status: 418, Body: `{"own":1}`}, 418, `{"own":1}`},
		"never":           {fault.Effect{Status: 500, Probability: &never}, 200, `{"n":1}`},
		"nothing":         {fault.Effect{}, 200, `{"n":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, family, op("json", "POST /json"))
			b.server.Faults.Put([]fault.Rule{{Match: fault.Match{Method: "POST", Path: "/json", ChannelID: "1656000001"}, Effect: c.effect}})
			b.want(b.call("POST", "/json", `{"n":1}`, asJSON), c.status, c.body)
			b.want(b.call("POST", "/json", `{"n":2}`, asJSON, "Authorization: Bearer 1656000002"), 200, `{"n":2}`)
		})
	}
	faultless := family
	faultless.Faultless = true
	b := newBench(t, faultless, op("json", "POST /json"))
	b.server.Faults.Put([]fault.Rule{{Effect: fault.Effect{Status: 500}}})
	b.want(b.call("POST", "/json", `{"n":1}`, asJSON), 200, `{"n":1}`)
}

func TestFaultThatDropsTheConnection(t *testing.T) {
	var ran atomic.Int64
	b := newBench(t, family, api.Op{ID: "a", Pattern: "GET /a", Open: true, Run: api.None(func(*api.Call) (any, error) { ran.Add(1); return api.Object{}, nil })})
	b.server.Faults.Put([]fault.Rule{{Effect: fault.Effect{DropConnection: true, Times: 1}}})
	s := b.listen()
	if got := b.raw(s, "GET /a HTTP/1.1", "Host: x", "Connection: close", "", ""); got != "" || ran.Load() != 0 {
		t.Errorf("ran %d times and answered %q", ran.Load(), got)
	}
	if got := b.raw(s, "GET /a HTTP/1.1", "Host: x", "Connection: close", "", ""); !strings.HasPrefix(got, "HTTP/1.1 200 ") {
		t.Errorf("afterwards: %s", got)
	}
}

// TestFaultThatWaits runs in a bubble, where the wait takes no time.
func TestFaultThatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, family, op("json", "POST /json"))
		b.server.Faults.Put([]fault.Rule{{Effect: fault.Effect{Latency: fault.Duration(7 * time.Second)}}})
		start := time.Now()
		b.want(b.call("POST", "/json", `{"n":1}`, asJSON), 200, `{"n":1}`)
		if took := time.Since(start); took != 7*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}
