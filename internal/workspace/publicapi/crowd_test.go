package publicapi_test

import (
	"strings"
	"testing"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

// TestCrowdMembers reads the chat of a person that no table knows: a member of
// a crowd is a friend since the crowd came, and has a friend number.
func TestCrowdMembers(t *testing.T) {
	eachStore(t, func(t *testing.T, k *kit) {
		k.exec(`INSERT INTO crowds (no, channel_no, size, seed, first_friend, since) VALUES (1, 1, 1000, 1, 10, $1)`, []any{day.UnixMilli() + 500})
		if err := k.friends.Load(t.Context(), k.channels); err != nil {
			t.Fatal(err)
		}
		const memberNo = 1<<40 + 1<<32 + 5 // crowd 1, member 5: friend number 15
		var member *friend.Person
		err := k.db.View(t.Context(), func(tx *store.Tx) (err error) {
			member, err = k.friends.ByNo(tx, memberNo)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		k.say(
			row{id: 1, at: 0, account: 1, chat: manyChat, sender: -1, origin: brcast, send: &send{count: 0}},
			row{id: 2, at: 1000, account: 1, chat: manyChat, sender: -1, origin: brcast, send: &send{count: 1000}},
			row{id: 3, at: 1000, account: 1, chat: manyChat, sender: -1, origin: multicast, send: &send{count: 1, to: []uint32{14}}},
			row{id: 4, at: 1000, account: 1, chat: manyChat, sender: -1, origin: narrowcast, send: &send{count: 2, to: []uint32{14, 15}}},
			row{id: 5, at: 1000, account: 2, chat: shopManyChat, sender: -2, origin: brcast, send: &send{count: 1}},
		)
		if got := k.pages(cafeKey, messagesOf(cafe, "chatId="+member.UserID+"&limit=1")); got != "2 | 4" {
			t.Errorf("a member without a chat has %q", got)
		}
		k.exec(`INSERT INTO chats (no, kind, channel_no, peer, provider, name, picture_url, message_count, last_at) VALUES (9, 'user', 1, $1, 'p', '', '', 0, 0)`,
			[]any{member.UserID})
		k.say(row{id: 6, at: 1000, account: 1, chat: 9, sender: memberNo})
		if got := k.pages(cafeKey, messagesOf(cafe, "chatId="+member.UserID)); got != "2 4 6" {
			t.Errorf("a member with a chat has %q", got)
		}
		said := `"sender":{"type":"user","id":"` + member.UserID + `","name":"` + member.Profile.DisplayName + `"}`
		if a := k.get(cafeKey, "/accounts/"+cafe+"/messages/6"); !strings.Contains(a.body, said) {
			t.Errorf("%s, want %s", a.body, said)
		}
		if a := k.get(cafeKey, "/accounts/"+cafe+"/chats"); !strings.Contains(a.body, `"name":"`+member.Profile.DisplayName+`"`) {
			t.Errorf("chats: %s", a.body)
		}
	})
}
