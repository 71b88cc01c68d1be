package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// pageLife is how long a continuation token may be used.
const pageLife = 24 * time.Hour

// PageToken is the continuation token ("next") of one of the channel's lists:
// where it goes on and since when, sealed with the channel's secret, so that it
// needs no storage and is good for this channel and this list only.
func (c *Channel) PageToken(list string, next int64, now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(next))
	binary.BigEndian.PutUint64(b[8:], uint64(now.UnixMilli()))
	mac := hmac.New(sha256.New, []byte(c.Secret))
	mac.Write([]byte(list))
	mac.Write(b[:])
	return base64.RawURLEncoding.EncodeToString(mac.Sum(b[:])[:32])
}

// ReadPageToken says where the list goes on; ok is false for a token that was
// made up, is another list's, or is a day old.
func (c *Channel) ReadPageToken(list, token string, now time.Time) (next int64, ok bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != 32 {
		return 0, false
	}
	next = int64(binary.BigEndian.Uint64(b[:8]))
	issued := time.UnixMilli(int64(binary.BigEndian.Uint64(b[8:16])))
	age := now.Sub(issued)
	return next, hmac.Equal([]byte(c.PageToken(list, next, issued)), []byte(token)) && age >= 0 && age < pageLife
}
