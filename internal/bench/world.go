package bench

import "fmt"

// What the world of a server of our own is called.
const (
	benchChannel = "1656000001"
	benchToken   = "bench-token"
	benchKey     = "kaiwa_bench_key_0001"
)

// world is what a server of our own begins with.
type world struct {
	friends  int    // people with a row each
	crowd    int64  // synthetic friends
	endpoint string // where webhooks go
}

func person(i int) string { return fmt.Sprintf("U%032x", 0xa000000+i) }

func (w world) people() []string {
	list := make([]string, w.friends)
	for i := range list {
		list[i] = person(i)
	}
	return list
}

func (w world) yaml() string {
	b := fmt.Appendf(nil, `provider: Bench
limits: off
channels:
  - id: %q
    type: messaging
    name: Bench
    secret: 0123456789abcdef0123456789abcdef
    accessToken: %s
    account: {status: verified}
`, benchChannel, benchToken)
	endpoint := w.endpoint
	if endpoint == "" {
		// No bot of the program's own shall answer.
		endpoint = "http://127.0.0.1:1/"
	}
	b = fmt.Appendf(b, "    webhook: {endpoint: %q, active: %t}\n", endpoint, w.endpoint != "")
	if w.friends > 0 {
		b = append(b, "people:\n"...)
	}
	for i := range w.friends {
		b = fmt.Appendf(b, "  - {userId: %s, displayName: Person %d, friendOf: [%q]}\n", person(i), i+1, benchChannel)
	}
	if w.crowd > 0 {
		b = fmt.Appendf(b, "crowd:\n  - {channel: %q, count: %d, seed: 1}\n", benchChannel, w.crowd)
	}
	b = fmt.Appendf(b, "workspaces:\n  - {name: Bench, apiKey: %s, rateLimit: {requests: 1000000, per: 1s}, accounts: [{channel: %q}]}\n", benchKey, benchChannel)
	return string(b)
}
