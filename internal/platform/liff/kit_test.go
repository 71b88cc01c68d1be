package liff_test

import (
	"testing"

	"kaiwa/internal/testkit/stage"
)

const (
	web       = "1656000011"
	webSecret = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	other     = "1656000012"
	otherKey  = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	app       = "1656000011-AbCdEfGh"
	endpoint  = "http://127.0.0.1:9100/app"
	bare      = "1656000012-00000000" // no scope openid
)

const world = `
clock: 2026-01-15T09:00:00+09:00
channels:
  - {id: "1656000001", name: Cafe, accessToken: cafe-token, webhook: {endpoint: "BOT/cafe"}, account: {displayName: Kaiwa Cafe}}
  - id: "1656000011"
    type: login
    name: Wéb
    secret: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    linkedBot: "1656000001"
    liff: [{liffId: 1656000011-AbCdEfGh, view: {type: tall, url: "http://127.0.0.1:9100/app"}, scope: [profile, openid, chat_message.write], botPrompt: normal}]
  - id: "1656000012"
    type: login
    name: Other
    secret: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
    liff: [{liffId: 1656000012-00000000, view: {type: full, url: "https://other.example.com/?a=1"}, scope: [profile]}]
people:
  - {userId: U00000000000000000000000000000a01, displayName: Aoi, friendOf: ["1656000001"]}
  - {userId: U00000000000000000000000000000a02, displayName: Ben, friendOf: ["1656000001"]}
groups:
  - {groupId: C0000000000000000000000000000c001, name: Lunch, members: [U00000000000000000000000000000a01], channels: ["1656000001"]}
`

func start(t *testing.T, dsn string) *stage.Stage { t.Helper(); return stage.Start(t, dsn, world) }

// channelToken is a stateless token of a channel.
func channelToken(s *stage.Stage, id, secret string) string {
	s.T.Helper()
	return field(s, post(s, "/oauth2/v3/token", "grant_type=client_credentials&client_id="+id+"&client_secret="+secret), "access_token")
}
