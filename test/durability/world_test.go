package durability

import (
	"fmt"
	"strings"
)

// An account of the tests' world: the people who follow it are numbers.
type account struct {
	id, name, token string
	redelivery      bool
}

const (
	secret    = "0123456789abcdef0123456789abcdef"
	apiKey    = "kaiwa_durability_key"
	group     = "C0000000000000000000000000000c001"
	allPeople = 8
	// The last people come and go; those before them stay friends of every account.
	steadyPeople = 6
)

var (
	steady = account{"1656000001", "Steady", "token-steady", true}
	moving = account{"1656000002", "Moving", "token-moving", true}
	once   = account{"1656000003", "Once", "token-once", false}
)

func person(n int) string { return fmt.Sprintf("U%032x", 0xa00+n) }

// world is a world file whose accounts send their webhooks to the receiver.
func world(receiver string) string {
	var b strings.Builder
	b.WriteString("limits: off\nprovider: Durable\nchannels:\n")
	var ids []string
	for _, a := range []account{steady, moving, once} {
		fmt.Fprintf(&b, "  - {id: %q, name: %s, secret: %s, accessToken: %s, quota: 1000000000, account: {status: verified},\n"+
			"     webhook: {endpoint: \"%s/%s\", redelivery: %v}}\n", a.id, a.name, secret, a.token, receiver, a.name, a.redelivery)
		ids = append(ids, fmt.Sprintf("%q", a.id))
	}
	b.WriteString("people:\n")
	for n := range allPeople {
		fmt.Fprintf(&b, "  - {userId: %s, displayName: Person %d, friendOf: [%s]}\n", person(n), n, strings.Join(ids, ", "))
	}
	fmt.Fprintf(&b, "groups: [{groupId: %s, name: Team, members: [%s, %s], channels: [%q]}]\n", group, person(0), person(1), steady.id)
	fmt.Fprintf(&b, "workspaces:\n  - name: Durable\n    apiKey: %s\n    rateLimit: {requests: 1000000, per: 1s}\n    accounts: [{channel: %q}, {channel: %q}]\n",
		apiKey, steady.id, moving.id)
	return b.String()
}
