package sim

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/feed"
)

// FaultsView is the faults in force.
type FaultsView struct {
	Preset string       `json:"preset,omitzero"`
	Rules  []fault.Rule `json:"rules"`
}

type faultsKept = FaultsView

func half() *float64 { p := 0.5; return &p }

// presets are outages that the platform's own news reports, as rules.
var presets = map[string]func(now time.Time) []fault.Rule{
	"outage-500": func(time.Time) []fault.Rule {
		return []fault.Rule{{Match: fault.Match{Path: "/v2/bot/"}, Effect: fault.Effect{Status: 500}}}
	},
	"outage-403-or-500": func(time.Time) []fault.Rule {
		return []fault.Rule{
			{Match: fault.Match{Path: "/v2/bot/"}, Effect: fault.Effect{Status: 403, Probability: half()}},
			{Match: fault.Match{Path: "/v2/bot/"}, Effect: fault.Effect{Status: 500}},
			{Match: fault.Match{Webhook: true}, Effect: fault.Effect{DropConnection: true}},
		}
	},
	"reply-400": func(time.Time) []fault.Rule {
		return []fault.Rule{{Match: fault.Match{Method: "POST", Path: "/v2/bot/message/reply"},
			Effect: fault.Effect{Status: 400, Body: `{"message":"Invalid reply token"}`}}}
	},
	"webhooks-stopped": func(time.Time) []fault.Rule {
		return []fault.Rule{{Match: fault.Match{Webhook: true}, Effect: fault.Effect{Hold: true}}}
	},
	"webhooks-delayed": func(time.Time) []fault.Rule {
		return []fault.Rule{{Match: fault.Match{Webhook: true}, Effect: fault.Effect{Latency: fault.Duration(5 * time.Second)}}}
	},
	"content-and-richmenu-500": func(time.Time) []fault.Rule {
		var rules []fault.Rule
		for _, path := range []string{"/v2/bot/message/*/content", "/v2/bot/message/*/content/*", "/v2/bot/richmenu", "/v2/bot/user/*/richmenu", "/v2/bot/user/*/richmenu/*"} {
			rules = append(rules, fault.Rule{Match: fault.Match{Path: path}, Effect: fault.Effect{Status: 500}})
		}
		return rules
	},
	"insight-wrong-followers": func(time.Time) []fault.Rule {
		return []fault.Rule{{Match: fault.Match{Method: "GET", Path: "/v2/bot/insight/followers"},
			Effect: fault.Effect{Wrong: true}}}
	},
	// The maintenance that was announced answered 500 and lasted a few seconds.
	"maintenance-seconds": func(now time.Time) []fault.Rule {
		until := now.Add(5 * time.Second)
		var rules []fault.Rule
		// The last are LIFF URLs, which begin with the LIFF id: apps could not be started.
		for _, path := range []string{"/v2/bot/", "/oauth2/", "/liff/", "/[0-9]*-*", "/[0-9]*-*/*", "/[0-9]*-*/*/*"} {
			rules = append(rules, fault.Rule{Match: fault.Match{Path: path}, Effect: fault.Effect{Status: 500, Until: until}})
		}
		return rules
	},
}

func (r *Room) getFaults(*api.Call) (any, error) { return r.FaultsNow(), nil }

// FaultsNow lists the faults in force.
func (r *Room) FaultsNow() FaultsView {
	v := FaultsView{Rules: r.Faults.Rules()}
	if p := r.preset.Load(); p != nil && len(v.Rules) > 0 {
		v.Preset = *p
	}
	return v
}

// faultsBody is what faults are put by: a list of rules, which may be empty, one
// rule, or a preset.
type faultsBody struct {
	Preset string      `json:"preset"`
	Rules  []ruleBody  `json:"rules"`
	Match  fault.Match `json:"match"`
	Effect *effectBody `json:"effect"`
}

type ruleBody struct {
	Match  fault.Match `json:"match"`
	Effect effectBody  `json:"effect"`
}

// effectBody takes the body of an answer as a text or as the JSON value that it is.
type effectBody struct {
	fault.Effect `json:",inline"`
	Body         jsontext.Value `json:"body"`
}

func (b ruleBody) rule() (fault.Rule, error) {
	rule := fault.Rule{Match: b.Match, Effect: b.Effect.Effect}
	switch b.Effect.Body.Kind() {
	case '"':
		if err := json.Unmarshal(b.Effect.Body, &rule.Effect.Body); err != nil {
			return rule, err
		}
	case '{', '[', '0', 't', 'f':
		rule.Effect.Body = string(b.Effect.Body)
	}
	return rule, rule.Check()
}

// putFaults replaces the faults. A word that is none of a rule's is refused: a
// match that was misspelt would match everything.
func (r *Room) putFaults(c *api.Call, body []byte) (any, error) {
	var in faultsBody
	var into any = &in
	if jsontext.Value(body).Kind() == '[' {
		into = &in.Rules
	}
	if err := strictly(body, into); err != nil {
		return nil, err
	}
	rules, err := in.list(time.Now())
	if err != nil {
		return nil, err
	}
	if err := r.setFaults(c, FaultsView{in.Preset, rules}); err != nil {
		return nil, err
	}
	return r.FaultsNow(), nil
}

// strictly is api.Decode of a body in which every word must have a meaning.
func strictly(body []byte, into any) error {
	if err := api.Decode(body, into); err != nil {
		return err
	}
	err := json.Unmarshal(body, into, json.RejectUnknownMembers(true))
	var wrong *json.SemanticError
	if errors.As(err, &wrong) {
		err = api.Errorf(api.Invalid, "%s: there is no such member", api.PropertyPath(string(wrong.JSONPointer)))
	}
	return err
}

// list is the rules meant.
func (in faultsBody) list(now time.Time) ([]fault.Rule, error) {
	if in.Effect != nil {
		in.Rules = append(in.Rules, ruleBody{in.Match, *in.Effect})
	}
	if (in.Rules == nil) == (in.Preset == "") {
		return nil, api.Errorf(api.Invalid, `give {"rules": [...]}, {"match": ..., "effect": ...} or {"preset": NAME}`)
	}
	if in.Preset != "" {
		make, ok := presets[in.Preset]
		if !ok {
			return nil, api.Errorf(api.Invalid, "preset: there is no %q; there are %s", in.Preset, strings.Join(slices.Sorted(maps.Keys(presets)), ", "))
		}
		return make(now), nil
	}
	list := []fault.Rule{}
	for i, b := range in.Rules {
		rule, err := b.rule()
		if err != nil {
			return nil, api.Errorf(api.Invalid, "rules[%d]: %v", i, err)
		}
		list = append(list, rule)
	}
	return list, nil
}

func (r *Room) deleteFaults(c *api.Call) (any, error) {
	return api.Object{}, r.setFaults(c, FaultsView{})
}

func (r *Room) setFaults(ctx context.Context, v FaultsView) error {
	if err := r.save(ctx, "faults", v); err != nil {
		return err
	}
	r.useFaults(v)
	r.Queue.Poke() // webhooks that were held go out
	r.Feed.Publish(feed.Change{Type: "faults", Data: r.FaultsNow()})
	return nil
}

func (r *Room) useFaults(v FaultsView) {
	r.Faults.Put(v.Rules)
	r.preset.Store(&v.Preset)
	r.counted.Store(slices.ContainsFunc(v.Rules, func(rule fault.Rule) bool { return rule.Effect.Times > 0 }))
}

// SaveFaults writes down, at the end, what is left of faults that act a number
// of times: one that is used up must not be back after a restart.
func (r *Room) SaveFaults(ctx context.Context) error {
	if !r.counted.Load() {
		return nil
	}
	return r.save(ctx, "faults", r.FaultsNow())
}
