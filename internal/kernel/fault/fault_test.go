package fault_test

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/fault"
)

var push = fault.Match{Method: "POST", Path: "/v2/bot/message/push", ChannelID: "1656000001"}

func TestMatch(t *testing.T) {
	delivery := fault.Match{Method: "POST", Path: "/callback", ChannelID: "1656000001", Webhook: true}
	for name, c := range map[string]struct {
		rule fault.Match
		x    fault.Match
		want bool
	}{
		"all requests":             {fault.Match{}, push, true},
		"no delivery":              {fault.Match{}, delivery, false},
		"all deliveries":           {fault.Match{Webhook: true}, delivery, true},
		"deliveries only":          {fault.Match{Webhook: true}, push, false},
		"method":                   {fault.Match{Method: "post"}, push, true},
		"another method":           {fault.Match{Method: "GET"}, push, false},
		"channel":                  {fault.Match{ChannelID: "1656000001"}, push, true},
		"another channel":          {fault.Match{ChannelID: "1656000002"}, push, false},
		"whole path":               {fault.Match{Path: "/v2/bot/message/push"}, push, true},
		"prefix":                   {fault.Match{Path: "/v2/bot/"}, push, true},
		"no prefix":                {fault.Match{Path: "/v2/bot/richmenu"}, push, false},
		"longer":                   {fault.Match{Path: "/v2/bot/message/push/more"}, push, false},
		"a segment":                {fault.Match{Path: "/v2/bot/*/push"}, push, true},
		"a star is one segment":    {fault.Match{Path: "/v2/*/push"}, push, false},
		"a pattern is whole":       {fault.Match{Path: "/v2/*/message"}, push, false},
		"a pattern that is broken": {fault.Match{Path: "/v2/["}, push, false},
		"all of it":                {push, push, true},
		"receiver's path":          {fault.Match{Webhook: true, Path: "/callback"}, delivery, true},
	} {
		var s fault.Set
		s.Put([]fault.Rule{{Match: c.rule, Effect: fault.Effect{Status: 500}}})
		if got := s.Find(c.x) != nil; got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestProbability(t *testing.T) {
	for _, c := range []struct {
		p, roll float64
		hits    bool
	}{
		{0, 0, false}, {0, 0.999, false}, {1, 0, true}, {1, 0.9999999, true}, {0.3, 0.2999, true}, {0.3, 0.3, false},
	} {
		s := fault.Set{Roll: func() float64 { return c.roll }}
		s.Put([]fault.Rule{{Effect: fault.Effect{Status: 500, Probability: &c.p}}})
		if got := s.Find(push) != nil; got != c.hits {
			t.Errorf("probability %v, dice %v: %t", c.p, c.roll, got)
		}
	}
}

func TestProbabilityWithRealDice(t *testing.T) {
	hits := func(p float64) (n int) {
		var s fault.Set
		s.Put([]fault.Rule{{Effect: fault.Effect{Status: 500, Probability: &p}}})
		for range 20_000 {
			if s.Find(push) != nil {
				n++
			}
		}
		return n
	}
	if n := hits(0); n != 0 {
		t.Errorf("at 0 it hit %d times", n)
	}
	if n := hits(1); n != 20_000 {
		t.Errorf("at 1 it hit %d of 20,000 times", n)
	}
	if n := hits(0.25); n < 4_500 || n > 5_500 { // 8 standard deviations
		t.Errorf("at 0.25 it hit %d of 20,000 times", n)
	}
}

func TestTimes(t *testing.T) {
	var s fault.Set
	s.Put([]fault.Rule{
		{Match: fault.Match{Path: "/v2/bot/message/"}, Effect: fault.Effect{Status: 500, Times: 2}},
		{Match: fault.Match{Method: "GET"}, Effect: fault.Effect{Status: 501, Times: 1}},
		{Effect: fault.Effect{Status: 502}},
	})
	for i, want := range []int{500, 500, 502, 502} {
		if e := s.Find(push); e == nil || e.Status != want {
			t.Errorf("exchange %d: %+v, want %d", i, e, want)
		}
		if rules := s.Rules(); i == 0 && rules[0].Effect.Times != 1 {
			t.Errorf("after one use %d are left", rules[0].Effect.Times)
		}
	}
	if rules := s.Rules(); len(rules) != 2 || rules[0].Effect.Status != 501 || rules[0].Effect.Times != 1 {
		t.Errorf("the rules that are left: %+v", rules)
	}
	s.Put(nil)
	if e := s.Find(push); e != nil || len(s.Rules()) != 0 {
		t.Errorf("without rules: %+v", e)
	}
}

// TestMissedDiceLeaveTheNextRule: a rule whose dice do not fall is not the one that acts, nor used up.
func TestMissedDiceLeaveTheNextRule(t *testing.T) {
	never := 0.0
	var s fault.Set
	s.Put([]fault.Rule{{Effect: fault.Effect{Status: 500, Times: 1, Probability: &never}}, {Effect: fault.Effect{Status: 502}}})
	if e := s.Find(push); e == nil || e.Status != 502 || len(s.Rules()) != 2 {
		t.Errorf("%+v, rules %+v", e, s.Rules())
	}
}

func TestRuleInJSON(t *testing.T) {
	const text = `{"match":{"method":"POST","path":"/v2/"},"effect":{"latency":"1.5s","dropConnection":true,"probability":0,"times":3}}`
	var r fault.Rule
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	if time.Duration(r.Effect.Latency) != 1500*time.Millisecond || r.Effect.Probability == nil {
		t.Errorf("read as %+v", r)
	}
	if back, err := json.Marshal(r); string(back) != text || err != nil {
		t.Errorf("written as %s, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"effect":{"latency":"soon"}}`), &r); err == nil {
		t.Error("a latency that is no duration was taken")
	}
}
