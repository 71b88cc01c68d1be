package token

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"
)

// kind is one of the four kinds of channel access tokens.
type kind string

// The kinds, as the store names them.
const (
	longLived  kind = "long-lived"
	shortLived kind = "short-lived"
	v21        kind = "v2.1"
	stateless  kind = "stateless"
)

const (
	// most is how many valid tokens of a counted kind a channel may have.
	most = 30
	// The platform says that a long-lived token has no end; the expires_in it
	// answers for one counts down from about a hundred years.
	longLife      = 100 * 365 * 24 * time.Hour
	shortLife     = 30 * 24 * time.Hour
	v21LifeMost   = 30 * 24 * time.Hour
	statelessLife = 15 * time.Minute
)

// opaqueScope is the scope that the platform answers for opaque tokens.
const opaqueScope = "P CM"

// token is what is known of one channel access token. The token itself is not
// part of it: the store finds it by its hash.
type token struct {
	channelID string
	kind      kind
	keyID     string // v2.1 only: names the token to those who do not have it
	scope     string
	issuedAt  int64 // unix milliseconds
	expiresAt int64 // unix milliseconds
}

// valid says whether a token (nil: none) may be used at that moment.
func (t *token) valid(now time.Time) bool { return t != nil && now.UnixMilli() < t.expiresAt }

// expiresIn is the whole seconds that are left.
func (t *token) expiresIn(now time.Time) int64 { return max(0, t.expiresAt-now.UnixMilli()) / 1000 }

// opaque makes a token that tells nothing, as long as the platform's: 172
// characters of padded base64.
func opaque() string {
	b := make([]byte, 128)
	rand.Read(b)
	return base64.StdEncoding.EncodeToString(b)
}

// hash is what stands for a token in the store and in memory.
type hash [sha256.Size]byte

// hashOf hashes by way of a buffer on the stack: a plain conversion of the
// string would allocate on every request.
func hashOf(value string) hash {
	var buf [512]byte
	return sha256.Sum256(append(buf[:0], value...))
}

func (h hash) text() string { return hex.EncodeToString(h[:]) }

// wellFormed says whether a value can be a bearer token at all (RFC 6750:
// letters, digits, "-._~+/", then "=").
func wellFormed(value string) bool {
	padding := false
	for i := range len(value) {
		c := value[i]
		switch {
		case c == '=':
			padding = true
		case padding:
			return false
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.', c == '_', c == '~', c == '+', c == '/':
		default:
			return false
		}
	}
	return value != "" && value[0] != '='
}
