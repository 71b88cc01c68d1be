package pnp

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/message"
	"kaiwa/internal/platform/object"
)

type pushBody struct {
	To                   string           `json:"to"`
	Messages             []jsontext.Value `json:"messages"`
	NotificationDisabled bool             `json:"notificationDisabled"`
}

// push sends up to 5 messages to the person who has the phone number whose
// SHA-256 is given: 400 for what is no digest, 403 for accounts that may not
// send by phone number, 422 where nobody can be reached.
// https://developers.line.biz/en/reference/line-notification-messages/#send-line-notification-message-flexible
func (r *Room) push(c *api.Call, in pushBody) (any, error) {
	data, err := permitted(c, in.To)
	if err != nil {
		return nil, err
	}
	// Like a multicast it knows no chat: nothing to quote, nobody to mention.
	list, err := message.Check(in.Messages, object.Multicast, digest(in.To)...)
	if err != nil {
		return nil, err
	}
	n := notification{Kind: flexible, Data: data, RequestID: c.RequestID, Silent: in.NotificationDisabled}
	for _, m := range list {
		n.Messages = append(n.Messages, content{m.Type, m.Raw})
	}
	return api.Object{}, r.send(c, in.To, n, list...)
}

// DeliveryTag is the header with what the delivery event is to say instead of
// the hash; an empty one counts as absent, as the Go SDK sends it.
const DeliveryTag = "X-Line-Delivery-Tag"

// permitted holds the call's channel and headers against the rules, and gives
// what the delivery event will say.
func permitted(c *api.Call, to string) (data string, err error) {
	if !channel.Caller(c).Config.PhoneMessages {
		return "", api.Errorf(api.Forbidden, "Access to this API is not available for your account")
	}
	tag := c.Header(DeliveryTag)
	if tag == "" {
		return to, nil
	}
	if n := utf8.RuneCountInString(tag); n < 16 || n > 100 || !utf8.ValidString(tag) {
		return "", friend.InvalidParameter(http.CanonicalHeaderKey(DeliveryTag))
	}
	return tag, nil
}

// digest is what is wrong with a destination.
func digest(to string) []api.Detail {
	if to == "" || friend.PhoneHash.MatchString(to) {
		return message.Missing("to", to)
	}
	return []api.Detail{{Message: "The value must be a valid SHA-256 digest.", Property: "to"}}
}

var errUnreachable = api.Errorf(api.Unprocessable, "Failed to send messages")

// served are the numbers of the countries that have the service: Japan,
// Thailand and Taiwan.
var served = regexp.MustCompile(`^\+(81|66|886)`)

// send finds the person and has the notification reach them, now or when they
// agree. messages are those of the caller's that its message objects came from.
func (r *Room) send(c *api.Call, to string, n notification, messages ...object.Message) error {
	ch := channel.Caller(c)
	return r.db.Update(c, func(tx *store.Tx) error {
		if err := r.messages.Offered(tx, ch, messages); err != nil {
			return err
		}
		p, err := r.friends.OfPhone(tx, ch.Provider, to)
		if errors.Is(err, store.ErrNotFound) || err == nil && !served.MatchString(strings.TrimSpace(p.Profile.Phone)) {
			return errUnreachable
		}
		if err != nil {
			return err
		}
		consent, err := r.consent(tx, p)
		switch {
		case err != nil:
			return err
		case consent == friend.Refused:
			return errUnreachable
		case consent == friend.Undecided:
			return r.wait(tx, ch, p, n)
		}
		_, err = r.deliver(tx, ch, p, n)
		return err
	})
}
