package login

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// BenchmarkSignES256 is one ID token of a LIFF app, without the rest of its request.
func BenchmarkSignES256(b *testing.B) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	payload := []byte(`{"iss":"https://access.line.me","sub":"U00000000000000000000000000000a01","aud":"1656000011","exp":1800003600,"iat":1800000000,"nonce":"n","amr":["pwd"],"name":"Aoi"}`)
	for b.Loop() {
		if _, err := sign(payload, jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: private, KeyID: "k"}}); err != nil {
			b.Fatal(err)
		}
	}
}
