package token

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
)

// keyBytes is the length of the key that signs tokens, and tokenAlgorithm what
// it signs with: only this server reads them, so one secret does.
const (
	keyBytes       = 32
	tokenAlgorithm = jose.HS256
)

// claims is what a v2.1 or stateless token says. To its holder it is opaque.
type claims struct {
	ID        string `json:"id"`
	ChannelID string `json:"channel"`
	Kind      kind   `json:"kind"`
	ExpiresAt int64  `json:"expires"` // unix milliseconds
}

// sign makes the token of these claims.
func (r *Room) sign(ctx context.Context, c claims) (string, error) {
	key, err := r.key(ctx)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: tokenAlgorithm, Key: key}, nil)
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return jws.CompactSerialize()
}

// claimed is what a token that this server has signed says; nil if it has not
// signed it.
func (r *Room) claimed(ctx context.Context, value string) (*claims, error) {
	jws, err := jose.ParseSignedCompact(value, []jose.SignatureAlgorithm{tokenAlgorithm})
	if err != nil {
		return nil, nil
	}
	key, err := r.knownKey(ctx)
	if err != nil || key == nil {
		return nil, err
	}
	payload, err := jws.Verify(key)
	if err != nil {
		return nil, nil
	}
	var c claims
	return &c, json.Unmarshal(payload, &c)
}

// key is the signing key. It is made when the first token is signed and is
// durable before that token goes out, so that it outlives the process.
func (r *Room) key(ctx context.Context) ([]byte, error) {
	key, err := r.knownKey(ctx)
	if err != nil || key != nil {
		return key, err
	}
	fresh := id.Secret(keyBytes)
	if err := r.db.Update(ctx, func(tx *store.Tx) error { return putKey(tx, fresh) }); err != nil {
		return nil, err
	}
	// Another request may have been first: what is stored is the key.
	return r.knownKey(ctx)
}

// knownKey is the signing key, or nil while there is none.
func (r *Room) knownKey(ctx context.Context) ([]byte, error) {
	if key := r.memory.signingKey(); key != nil {
		return key, nil
	}
	epoch := r.memory.now()
	var text string
	err := r.db.View(ctx, func(tx *store.Tx) (err error) {
		text, err = storedKey(tx)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	key, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(key) != keyBytes {
		return nil, errors.New("token: the signing key in the store is damaged")
	}
	r.memory.keepKey(key, epoch)
	return key, nil
}

// checkShape refuses what is no JWS: by number of parts, then by what they hold.
func checkShape(value string) *api.Error {
	parts := strings.Split(value, ".")
	if len(parts) != 3 {
		return errNotJWS
	}
	for _, p := range parts {
		if _, err := base64.RawURLEncoding.DecodeString(p); err != nil || p == "" {
			return errMalformed
		}
	}
	header, _ := base64.RawURLEncoding.DecodeString(parts[0])
	var object map[string]any
	if json.Unmarshal(header, &object) != nil {
		return errMalformed
	}
	return nil
}
