package publicapi

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/chat"
)

// parameter is one input of an operation, as the document describes it.
type parameter struct {
	name, in, text string
	schema         schema
}

const (
	limitMost    = 1000
	limitDefault = 100
)

// messageTypes are the types that a history can be narrowed to: what people
// send and what accounts send.
// https://developers.line.biz/en/reference/messaging-api/#message-objects
var messageTypes = []string{"audio", "coupon", "file", "flex", "image", "imagemap", "location", "sticker", "template", "text", "textV2", "video"}

var (
	accountID = parameter{"accountId", "path", "The account's id, as the list of accounts gives it.", text}
	messageID = parameter{"messageId", "path", "The message's id.", text}
	from      = parameter{"from", "query", "The beginning of the period (RFC 3339), itself included. Left out: the first message.", instant}
	to        = parameter{"to", "query", "The end of the period (RFC 3339), itself left out. Left out: no end.", instant}
	chatID    = parameter{"chatId", "query", "Only one chat: a user, group or room id. A user's chat holds the sends to many that the user was a recipient of.", text}
	direction = parameter{"direction", "query", "Only what people said (incoming), or what the account said (outgoing).", oneOf("incoming", "outgoing")}
	kind      = parameter{"type", "query", "Only messages of this type.", oneOf(messageTypes...)}
	order     = parameter{"order", "query", "Oldest first (asc) or newest first (desc).", oneOf("asc", "desc").with("default", "asc")}
	pageLimit = parameter{"limit", "query", "How many a page holds at most.", whole.with("minimum", 1).with("maximum", limitMost).with("default", limitDefault)}
	cursor    = parameter{"cursor", "query", "The nextCursor of the page before; all other parameters (but limit) must be those of that page.", text}
)

// value is a parameter from the query string; an empty one counts as absent.
func (p parameter) value(c *api.Call) (string, error) {
	if _, err := url.ParseQuery(c.RawQuery()); err != nil {
		return "", api.Errorf(api.Invalid, "The query string cannot be read: %v", err)
	}
	values := c.Query()[p.name]
	if len(values) > 1 {
		return "", api.Errorf(api.Invalid, "%s is given more than once", p.name)
	}
	if len(values) == 0 {
		return "", nil
	}
	if v := values[0]; !utf8.ValidString(v) || strings.Contains(v, "\x00") {
		return "", api.Errorf(api.Invalid, "%s is no readable text", p.name)
	}
	return values[0], nil
}

// choice reads a parameter that has a list of values.
func (p parameter) choice(c *api.Call) (string, error) {
	v, err := p.value(c)
	if list := p.schema["enum"].([]string); err == nil && v != "" && !slices.Contains(list, v) {
		err = api.Errorf(api.Invalid, "%s must be one of %s", p.name, strings.Join(list, ", "))
	}
	return v, err
}

// number reads pageLimit.
func (p parameter) number(c *api.Call) (int, error) {
	v, err := p.value(c)
	if err != nil || v == "" {
		return limitDefault, err
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > limitMost {
		return 0, api.Errorf(api.Invalid, "%s must be a whole number from 1 to %d", p.name, limitMost)
	}
	return n, nil
}

// instant reads a time, in unix milliseconds. Times of messages are whole
// milliseconds, so that a bound between two of them counts as the later one.
func (p parameter) instant(c *api.Call, absent int64) (int64, error) {
	v, err := p.value(c)
	if err != nil || v == "" {
		return absent, err
	}
	// A plus sign that was not written as %2B arrives as a space.
	if i := len(v) - len("09:00") - 1; i > 0 && v[i] == ' ' {
		v = v[:i] + "+" + v[i+1:]
	}
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(v))
	if err != nil || strings.Contains(v, ",") {
		return 0, api.Errorf(api.Invalid, "%s must be a time of RFC 3339, such as 2026-01-15T09:00:00%%2B09:00 or 2026-01-15T00:00:00Z", p.name)
	}
	return t.Add(time.Millisecond - 1).UnixMilli(), nil
}

// selection reads what part of a history is asked for.
func selection(c *api.Call) (s chat.Selection, err error) {
	if s.From, err = from.instant(c, math.MinInt64); err != nil {
		return s, err
	}
	if s.To, err = to.instant(c, math.MaxInt64); err != nil {
		return s, err
	}
	if s.From > s.To {
		return s, api.Errorf(api.Invalid, "from must not be later than to")
	}
	if s.ChatID, err = chatID.value(c); err != nil {
		return s, err
	}
	if s.Type, err = kind.choice(c); err != nil {
		return s, err
	}
	way, err := direction.choice(c)
	if err != nil {
		return s, err
	}
	s.Direction = map[string]chat.Direction{"incoming": chat.Incoming, "outgoing": chat.Outgoing}[way]
	sequence, err := order.choice(c)
	s.Desc = sequence == "desc"
	return s, err
}
