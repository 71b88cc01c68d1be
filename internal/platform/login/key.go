package login

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"errors"

	"github.com/go-jose/go-jose/v4"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// keyName is the row of settings that holds the signing key (PKCS 8, base64).
const keyName = "login.key"

// signES256 signs as for LIFF and native apps, with the server's own key, which
// is made when it is needed first and committed with what it signed.
func (r *Room) signES256(tx *store.Tx, payload []byte) (string, error) {
	key := r.key.Load()
	if key == nil {
		var err error
		if key, err = readKey(tx); errors.Is(err, store.ErrNotFound) {
			key, err = makeKey(tx)
		}
		if err != nil {
			return "", err
		}
		tx.After(func() { r.key.Store(key) })
	}
	return sign(payload, jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key.private, KeyID: key.kid}})
}

func makeKey(tx *store.Tx) (*signingKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	text := base64.StdEncoding.EncodeToString(der)
	_, err = tx.Exec(`INSERT INTO settings (name, value) VALUES ($1, $2)`, keyName, text)
	return &signingKey{hashOf(text), private}, err
}

func readKey(tx *store.Tx) (*signingKey, error) {
	var text string
	if err := tx.Row(`SELECT value FROM settings WHERE name = $1`, []any{keyName}, &text); err != nil {
		return nil, err
	}
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	private, ok := parsed.(*ecdsa.PrivateKey)
	if err == nil && !ok {
		err = errors.New("login: the signing key in the store is of another kind")
	}
	return &signingKey{hashOf(text), private}, err
}

// knownKey is the signing key, nil while nothing was signed.
func (r *Room) knownKey(ctx context.Context) (key *signingKey, err error) {
	if key := r.key.Load(); key != nil {
		return key, nil
	}
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		key, err = readKey(tx)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return key, err
}

type jwk struct {
	Kty string `json:"kty"`
	Alg string `json:"alg"`
	Use string `json:"use"`
	Kid string `json:"kid"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y"`
}

// keys publishes the key that ES256 signatures can be checked with. It is made
// now if nobody has needed it, so that what a client keeps stays true.
func (r *Room) keys(c *api.Call) (any, error) {
	key, err := r.knownKey(c)
	if err == nil && key == nil {
		err = r.DB.Update(c, func(tx *store.Tx) error {
			if key, err = readKey(tx); errors.Is(err, store.ErrNotFound) {
				key, err = makeKey(tx)
			}
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	point, err := key.private.PublicKey.Bytes() // 4, then both coordinates
	if err != nil {
		return nil, err
	}
	half := (len(point) - 1) / 2
	enc := base64.RawURLEncoding.EncodeToString
	return struct {
		Keys []jwk `json:"keys"`
	}{[]jwk{{"EC", "ES256", "sig", key.kid, "P-256", enc(point[1 : 1+half]), enc(point[1+half:])}}}, nil
}
