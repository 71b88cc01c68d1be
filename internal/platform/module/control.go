package module

import (
	"errors"
	"regexp"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/webhook"
)

// control is who answers in a chat, where somebody acquired or released it.
type control struct {
	holder               int64
	acquiredAt, expireAt int64
}

// over says that its time has run out: the chat is the account's own then.
func (k control) over(now int64) bool { return k.expireAt != 0 && k.expireAt <= now }

func controlOf(tx *store.Tx, account *channel.Channel, peer string) (k control, err error) {
	err = tx.Row(`SELECT holder_no, acquired_at, expires_at FROM module_controls WHERE account_no = $1 AND peer = $2`, []any{account.No, peer},
		&k.holder, &k.acquiredAt, &k.expireAt)
	return k, err
}

// holder is the number of the channel that answers in a chat: one of the modules
// or the account's own.
// https://developers.line.biz/en/docs/partner-docs/module-technical-chat-control/
func (r *Room) holder(tx *store.Tx, account *channel.Channel, peer string, modules []attachment) (int64, error) {
	k, err := controlOf(tx, account, peer)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return 0, err
	}
	byDefault := err != nil
	for _, a := range modules {
		if byDefault && a.module.Config.DefaultActive || !byDefault && k.holder == a.module.No && !k.over(tx.Millis()) {
			return a.module.No, nil
		}
	}
	return account.No, nil
}

const (
	ttlUsual, ttlMost = 3600, 365 * 24 * 3600 // seconds
	// justNow is how long nobody else can acquire a chat; the platform says "a few seconds or so".
	justNow = 3 * time.Second
	// forever is when a control ends that has no end: the event must say something.
	forever = 253402300799999 // the end of the year 9999
)

type acquireBody struct {
	Expired *bool  `json:"expired"`
	TTL     *int64 `json:"ttl"` // seconds
}

// acquire makes the calling module the one that answers in a chat, for an hour
// unless the body says otherwise: 404 where the account is not in the chat, 423
// when another module has just acquired it.
// https://developers.line.biz/en/reference/partner-docs/#acquire-control-api
func (r *Room) acquire(c *api.Call, in acquireBody) (any, error) {
	account, module, peer, err := r.chatOf(c)
	if err != nil {
		return nil, err
	}
	ttl, ends := int64(ttlUsual), in.Expired == nil || *in.Expired
	if in.TTL != nil && *in.TTL != 0 { // the Go SDK sends 0 for what was not set
		ttl = *in.TTL
	}
	if ends && (ttl < 1 || ttl > ttlMost) {
		return nil, api.Errorf(api.Invalid, "The property, 'ttl', in the request body is invalid (line: -, column: -)")
	}
	err = r.db.Update(c, func(tx *store.Tx) error {
		if in, err := r.takesPart(tx, account, peer); err != nil || !in {
			if err == nil {
				err = api.Errorf(api.NotFound, "Not found")
			}
			return err
		}
		k, err := controlOf(tx, account, peer)
		if err == nil && k.holder != module.No && !k.over(tx.Millis()) && tx.Millis()-k.acquiredAt < justNow.Milliseconds() {
			return api.Errorf(api.Locked, "Another channel has acquired the control of this chat")
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		next := control{holder: module.No, acquiredAt: tx.Millis()}
		if ends {
			next.expireAt = tx.Millis() + ttl*1000
		}
		if err := r.leaveTo(tx, account, peer, next); err != nil {
			return err
		}
		end := int64(forever)
		if ends {
			end = next.expireAt
		}
		return r.turned(tx, account, module, peer, "activated", api.Member{Name: "chatControl", Value: map[string]int64{"expireAt": end}})
	})
	return api.Empty{}, err
}

// release gives a chat that the calling module answers in back to the account's
// own channel. Where it does not, nothing happens.
// https://developers.line.biz/en/reference/partner-docs/#release-control-api
func (r *Room) release(c *api.Call) (any, error) {
	account, module, peer, err := r.chatOf(c)
	if err != nil {
		return nil, err
	}
	err = r.db.Update(c, func(tx *store.Tx) error {
		list, err := r.attached(tx, account, messageReceive)
		if err != nil {
			return err
		}
		if now, err := r.holder(tx, account, peer, list); err != nil || now != module.No {
			return err
		}
		return r.leaveTo(tx, account, peer, control{holder: account.No})
	})
	return api.Empty{}, err
}

// leaveTo changes who answers in a chat and tells the module that did before.
func (r *Room) leaveTo(tx *store.Tx, account *channel.Channel, peer string, next control) error {
	list, err := r.attached(tx, account, messageReceive)
	if err != nil {
		return err
	}
	before, err := r.holder(tx, account, peer, list)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO module_controls (account_no, peer, holder_no, acquired_at, expires_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_no, peer) DO UPDATE SET holder_no = excluded.holder_no, acquired_at = excluded.acquired_at, expires_at = excluded.expires_at`,
		account.No, peer, next.holder, next.acquiredAt, next.expireAt)
	if err != nil || before == next.holder || before == account.No {
		return err
	}
	return r.turned(tx, account, r.channels.ByNo(before), peer, "deactivated")
}

// turned tells a module that it became the one that answers, or no longer is.
func (r *Room) turned(tx *store.Tx, account, module *channel.Channel, peer, what string, members ...api.Member) error {
	source := &webhook.Source{Type: "user", UserID: peer}
	switch peer[0] {
	case 'C':
		source = &webhook.Source{Type: "group", GroupID: peer}
	case 'R':
		source = &webhook.Source{Type: "room", RoomID: peer}
	}
	_, err := r.hooks.Tell(tx, account, webhook.Event{Type: what, Source: source, Lane: peer, Members: members}, share(module, account))
	return err
}

var chatID = regexp.MustCompile(`^[UCR][0-9a-f]{32}$`)

// chatOf reads whose chat a call is about.
func (r *Room) chatOf(c *api.Call) (account, module *channel.Channel, peer string, err error) {
	account, module, peer = channel.Caller(c), r.caller(c), c.Path("chatId")
	switch {
	case module == nil:
		err = errDenied // an account's own channel need not acquire what is its own
	case !chatID.MatchString(peer):
		err = friend.InvalidParameter("chatId")
	}
	return account, module, peer, err
}

// takesPart says whether the account is a friend of the person, or in the group or room.
func (r *Room) takesPart(tx *store.Tx, account *channel.Channel, peer string) (bool, error) {
	if peer[0] != 'U' {
		c, err := r.chats.Shared(tx, peer)
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		return r.chats.HasChannel(tx, c, account)
	}
	p, err := r.friends.Resolve(tx, peer)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.Provider != account.Provider {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	f, err := r.friends.Friendship(tx, account, p)
	return f.State == friend.Friend, err
}
