// Package id makes the identifiers of the server: increasing message ids,
// ULIDs of webhook events, UUIDs of requests, hex ids and secrets.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"
)

// epoch leaves 63-bit ids room until the year 2289 and gives them the 18 digits
// that they have on the platform today.
var epoch = time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// Sequence gives increasing 63-bit ids that begin with the time.
type Sequence struct{ last atomic.Int64 }

// Resume makes the ids go on above one that is already taken.
func (s *Sequence) Resume(taken int64) {
	for {
		last := s.last.Load()
		if taken <= last || s.last.CompareAndSwap(last, taken) {
			return
		}
	}
}

// Next is a new id, larger than each before it, even when the clock went back.
func (s *Sequence) Next(now time.Time) int64 {
	for {
		last := s.last.Load()
		next := (now.UnixMilli() - epoch) << 20
		if next <= last {
			next = last + 1
		}
		if s.last.CompareAndSwap(last, next) {
			return next
		}
	}
}

// ULID is a new ULID of that instant, as webhookEventId is one.
func ULID(now time.Time) string {
	return ulid.MustNew(ulid.Timestamp(now), rand.Reader).String()
}

// UUID is a new random UUID (version 4), as X-Line-Request-Id is one.
func UUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var text [36]byte
	hex.Encode(text[0:], b[0:4])
	hex.Encode(text[9:], b[4:6])
	hex.Encode(text[14:], b[6:8])
	hex.Encode(text[19:], b[8:10])
	hex.Encode(text[24:], b[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// Hex is n random bytes in lower-case hex.
func Hex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// Secret is n random bytes in unpadded URL-safe base64.
func Secret(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Derived is the id of 32 hex digits that always belongs to these words: how a
// world file's left-out ids are made up the same each time.
func Derived(words ...string) string {
	h := sha256.New()
	for _, w := range words {
		h.Write([]byte(w))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
