package friend

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
)

// Consent is whether a person takes LINE notification messages, which come by
// phone number. In world files and JSON it is true, false or "unset".
// https://developers.line.biz/en/docs/partner-docs/line-notification-messages/technical-specs/#user-consent-state
type Consent int

// The consents. Who says nothing has agreed.
const (
	Agreed Consent = iota
	Refused
	Undecided
)

const undecided = "unset"

func (c *Consent) set(v any) error {
	switch v {
	case nil, true:
		*c = Agreed
	case false:
		*c = Refused
	case undecided:
		*c = Undecided
	default:
		return fmt.Errorf("%v is none of true, false, %s", v, undecided)
	}
	return nil
}

// UnmarshalJSON reads true, false or "unset".
func (c *Consent) UnmarshalJSON(text []byte) error {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	return c.set(v)
}

// UnmarshalYAML reads the same.
func (c *Consent) UnmarshalYAML(read func(any) error) error {
	var v any
	if err := read(&v); err != nil {
		return err
	}
	return c.set(v)
}

// MarshalJSON writes what UnmarshalJSON reads.
func (c Consent) MarshalJSON() ([]byte, error) {
	if c == Undecided {
		return json.Marshal(undecided)
	}
	return json.Marshal(c == Agreed)
}

// PhoneHash is the form of what stands for a phone number on the wire.
var PhoneHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// phoneNumber is the form of a number in E.164.
var phoneNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// phoneHash is the SHA-256 of a phone number in E.164, in hex, as senders write it.
func phoneHash(phone string) string {
	sum := sha256.Sum256([]byte(plainPhone(phone)))
	return hex.EncodeToString(sum[:])
}

// plainPhone is a number without spaces, hyphens and brackets, which only people write.
func plainPhone(phone string) string {
	return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(phone)
}

// addPhone notes a person's phone number. A number belongs to who registered it last.
func addPhone(tx *store.Tx, p Person) error {
	if p.Profile.Phone == "" {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO phones (provider, hash, person_no) VALUES ($1, $2, $3)
		ON CONFLICT (provider, hash) DO UPDATE SET person_no = excluded.person_no`, p.Provider, phoneHash(p.Profile.Phone), p.No)
	return err
}

// OfPhone is the person whose phone number has that hash; store.ErrNotFound
// when nobody of the provider has. Members of a crowd have no phones.
func (r *Room) OfPhone(tx *store.Tx, provider, hash string) (*Person, error) {
	var no int64
	if err := tx.Row(`SELECT person_no FROM phones WHERE provider = $1 AND hash = $2`, []any{provider, hash}, &no); err != nil {
		return nil, err
	}
	return r.ByNo(tx, no)
}
