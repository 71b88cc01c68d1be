// Package fault holds the rules by which a server misbehaves on demand. They
// act at two points only: where a request is mounted (kernel/api) and where a
// webhook leaves (platform/webhook).
//
// The package owns the rules and their matching. It knows no preset: what the
// presets of the contract mean is said where their paths are known (sim).
package fault

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
	"sync"
	"time"
)

// Rule is one fault. An empty field of Match matches everything; Path is a
// prefix, or a pattern with * for one path segment.
type Rule struct {
	Match  Match  `json:"match"`
	Effect Effect `json:"effect"`
}

// Match says which exchanges a rule is for.
type Match struct {
	Method    string `json:"method,omitzero"`
	Path      string `json:"path,omitzero"`
	ChannelID string `json:"channelId,omitzero"`
	// Webhook makes the rule one for webhook deliveries; Path then matches the
	// receiver's path.
	Webhook bool `json:"webhook,omitzero"`
}

// Effect says what happens instead, or before.
type Effect struct {
	// Status answers with this status and Body; without a Body with an error of the
	// called API's form, for 429 in the words of its rate limit.
	Status int    `json:"status,omitzero"`
	Body   string `json:"body,omitzero"`
	// Latency, a Go duration in real time, is waited before anything else.
	Latency Duration `json:"latency,omitzero"`
	// DropConnection closes the connection without an answer.
	DropConnection bool `json:"dropConnection,omitzero"`
	// Probability is the share of matching exchanges that it hits: absent means all.
	Probability *float64 `json:"probability,omitzero"`
	// Until, if set, is the real time at which the rule ends.
	Until time.Time `json:"until,omitzero"`
	// Hold keeps webhooks back, untried, for as long as the rule stands.
	Hold bool `json:"hold,omitzero"`
	// Times is how often it acts before it is used up; 0 is without end.
	Times int `json:"times,omitzero"`
	// Wrong has the operation answer wrong numbers. Only those that know how do:
	// getNumberOfFollowers.
	Wrong bool `json:"wrong,omitzero"`
}

// Duration is a Go duration, written "1.5s" in JSON.
type Duration time.Duration

// MarshalText writes the Go form.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads the Go form.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	*d = Duration(v)
	return err
}

// Set is the rules in force. Its zero value has none.
type Set struct {
	mu    sync.RWMutex
	rules []*Rule
	// Roll is the dice, replaceable by tests: a number in [0, 1).
	Roll func() float64
}

// Put replaces the rules.
func (s *Set) Put(rules []Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = nil
	for _, r := range rules {
		s.rules = append(s.rules, &r)
	}
}

// Rules lists what is in force; Times counts down, and what is over is left out.
func (s *Set) Rules() []Rule {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := []Rule{}
	for _, r := range s.rules {
		if !r.Effect.over() {
			out = append(out, *r)
		}
	}
	return out
}

// Find is the effect on one exchange, or nil. The first rule that matches and
// whose dice fall acts; a use of a rule with Times is taken.
func (s *Set) Find(x Match) *Effect {
	return s.find(x, func(*Rule) bool { return true })
}

// FindNamed is Find among the rules that name a channel, for an exchange whose
// channel is known only when the others have had their turn.
func (s *Set) FindNamed(x Match) *Effect {
	return s.find(x, func(r *Rule) bool { return r.Match.ChannelID != "" })
}

func (s *Set) find(x Match, among func(*Rule) bool) *Effect {
	s.mu.RLock()
	none := len(s.rules) == 0
	s.mu.RUnlock()
	if none {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range s.rules {
		if !among(r) || !r.Match.covers(x) || r.Effect.over() || !s.hits(r.Effect.Probability) {
			continue
		}
		effect := r.Effect
		if r.Effect.Times == 1 {
			s.rules = append(s.rules[:i:i], s.rules[i+1:]...)
		} else if r.Effect.Times > 1 {
			r.Effect.Times--
		}
		return &effect
	}
	return nil
}

// Held says whether a rule keeps webhooks back.
func (s *Set) Held() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, r := range s.rules {
		if r.Match.Webhook && r.Effect.Hold && !r.Effect.over() {
			return true
		}
	}
	return false
}

func (e Effect) over() bool { return !e.Until.IsZero() && time.Now().After(e.Until) }

// Check says what is wrong with a rule.
func (r Rule) Check() error {
	e := r.Effect
	switch {
	case e.Status != 0 && (e.Status < 100 || e.Status > 599):
		return fmt.Errorf("effect.status: %d is no HTTP status", e.Status)
	case e.Probability != nil && (*e.Probability < 0 || *e.Probability > 1):
		return errors.New("effect.probability: 0 to 1")
	case e.Times < 0 || e.Latency < 0:
		return errors.New("effect.times and effect.latency: not below 0")
	case e.Status == 0 && e.Latency == 0 && !e.DropConnection && !e.Hold && !e.Wrong:
		return errors.New("effect: give status, latency, dropConnection, hold or wrong")
	case e.Hold && !r.Match.Webhook:
		return errors.New("effect.hold: for match.webhook only")
	}
	return nil
}

func (s *Set) hits(p *float64) bool {
	if p == nil {
		return true
	}
	roll := rand.Float64
	if s.Roll != nil {
		roll = s.Roll
	}
	return roll() < *p
}

func (m Match) covers(x Match) bool {
	return m.Webhook == x.Webhook &&
		(m.Method == "" || strings.EqualFold(m.Method, x.Method)) &&
		(m.ChannelID == "" || m.ChannelID == x.ChannelID) &&
		(m.Path == "" || strings.HasPrefix(x.Path, m.Path) || matches(m.Path, x.Path))
}

func matches(pattern, p string) bool {
	ok, err := path.Match(pattern, p)
	return err == nil && ok
}
