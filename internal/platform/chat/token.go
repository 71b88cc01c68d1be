package chat

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"kaiwa/internal/platform/channel"
)

// A quote token and a mark-as-read token carry the message's id and a seal made
// with the channel's secret, so that they need no storage, never expire and
// work for that channel only.

// QuoteToken names a message for quoting by this channel.
func QuoteToken(ch *channel.Channel, messageID int64) string { return seal(ch, "quote", messageID) }

// ReadToken names a message that this channel may mark as read.
func ReadToken(ch *channel.Channel, messageID int64) string { return seal(ch, "read", messageID) }

// QuotedID is the message that a quote token of this channel names.
func QuotedID(ch *channel.Channel, token string) (int64, bool) { return unseal(ch, "quote", token) }

// ReadID is the message that a mark-as-read token of this channel names.
func ReadID(ch *channel.Channel, token string) (int64, bool) { return unseal(ch, "read", token) }

func seal(ch *channel.Channel, purpose string, id int64) string {
	var b [32]byte
	binary.BigEndian.PutUint64(b[:8], uint64(id))
	mac := hmac.New(sha256.New, []byte(ch.Secret))
	mac.Write([]byte(purpose))
	mac.Write(b[:8])
	copy(b[8:], mac.Sum(nil)[:24])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func unseal(ch *channel.Channel, purpose, token string) (int64, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != 32 {
		return 0, false
	}
	id := int64(binary.BigEndian.Uint64(b[:8]))
	return id, hmac.Equal([]byte(seal(ch, purpose, id)), []byte(token))
}
