package key

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"kaiwa/internal/kernel/id"
)

// Key is an API key as lists show it.
type Key struct {
	ID          string
	WorkspaceID string
	// Prefix and LastFour are what is kept of the secret to tell keys apart.
	Prefix, LastFour string
	CreatedAt        time.Time
	// LastUsedAt is exact to a minute; zero when the key was never used.
	LastUsedAt time.Time
}

// ErrUnknown says that a secret is no key: it never was one, was revoked or was
// replaced by a newer one.
var ErrUnknown = errors.New("key: unknown")

// mark begins every issued secret, so that scanners for leaked secrets can
// find it; its last eight characters are a checksum that spares them false alarms.
const mark = "kaiwa_"

// newSecret makes 256 random bits readable.
func newSecret() string {
	body := id.Secret(32)
	return fmt.Sprintf("%s%s%08x", mark, body, crc32.ChecksumIEEE([]byte(body)))
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// show cuts what lists show from a secret. A world file's own words may be
// short; what is shown must never come near to all of them.
func show(secret string) (prefix, lastFour string) {
	if len(secret) < 12 {
		return "", ""
	}
	return secret[:min(len(mark)+4, (len(secret)-4)/2)], secret[len(secret)-4:]
}
