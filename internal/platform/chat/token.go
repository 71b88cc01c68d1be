package chat

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"sync"

	"kaiwa/internal/platform/channel"
)

// A quote token and a mark-as-read token carry the message's id and a seal made
// with the channel's secret, so that they need no storage, never expire and
// work for that channel only.

// QuoteToken names a message for quoting by this channel.
func QuoteToken(ch *channel.Channel, messageID int64) string { return seal(ch, "quote", messageID) }

// ReadToken names a message that this channel may mark as read.
func ReadToken(ch *channel.Channel, messageID int64) string { return seal(ch, "read", messageID) }

// EditedQuoteToken is the token that an edit gives a message: another one each
// time (edit is a number that no edit had before), while the old ones stay good.
func EditedQuoteToken(ch *channel.Channel, messageID, edit int64) string {
	var b [32]byte
	binary.BigEndian.PutUint64(b[:8], uint64(messageID))
	binary.BigEndian.PutUint64(b[8:16], uint64(edit))
	m := macs.Get().(*mac)
	defer macs.Put(m)
	copy(b[16:], m.of(ch.Secret, "edited", b[:16])[:16])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// QuotedID is the message that a quote token of this channel names.
func QuotedID(ch *channel.Channel, token string) (int64, bool) {
	if id, ok := unseal(ch, "quote", token); ok {
		return id, true
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != 32 {
		return 0, false
	}
	id := int64(binary.BigEndian.Uint64(b[:8]))
	return id, hmac.Equal([]byte(EditedQuoteToken(ch, id, int64(binary.BigEndian.Uint64(b[8:16])))), []byte(token))
}

// ReadID is the message that a mark-as-read token of this channel names.
func ReadID(ch *channel.Channel, token string) (int64, bool) { return unseal(ch, "read", token) }

func seal(ch *channel.Channel, purpose string, id int64) string {
	var b [32]byte
	binary.BigEndian.PutUint64(b[:8], uint64(id))
	m := macs.Get().(*mac)
	defer macs.Put(m)
	copy(b[8:], m.of(ch.Secret, purpose, b[:8])[:24])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// mac is an HMAC that is used again while the secret stays the same: each
// message sent is sealed, and setting one up costs more than sealing.
type mac struct {
	secret string
	hash   hash.Hash
	sum    []byte
}

var macs = sync.Pool{New: func() any { return &mac{} }}

// of is valid until the next call.
func (m *mac) of(secret, purpose string, message []byte) []byte {
	if m.hash == nil || m.secret != secret {
		m.secret, m.hash = secret, hmac.New(sha256.New, []byte(secret))
	}
	m.hash.Reset()
	m.sum = append(append(m.sum[:0], purpose...), message...)
	m.hash.Write(m.sum)
	m.sum = m.hash.Sum(m.sum[:0])
	return m.sum
}

func unseal(ch *channel.Channel, purpose, token string) (int64, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != 32 {
		return 0, false
	}
	id := int64(binary.BigEndian.Uint64(b[:8]))
	return id, hmac.Equal([]byte(seal(ch, purpose, id)), []byte(token))
}
