package friend

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
)

// Profile is what a person shows, with what only targeting sees.
type Profile struct {
	DisplayName   string       `json:"displayName,omitzero"`
	PictureURL    string       `json:"pictureUrl,omitzero"`
	StatusMessage string       `json:"statusMessage,omitzero"`
	Language      string       `json:"language,omitzero"`
	Email         string       `json:"email,omitzero"`
	Phone         string       `json:"phone,omitzero"`
	PhoneConsent  Consent      `json:"phoneConsent,omitzero"`
	Demographics  Demographics `json:"demographics,omitzero"`
}

// Demographics are the attributes that a narrowcast can filter by.
type Demographics struct {
	Gender  string `json:"gender,omitzero"`
	Age     int    `json:"age,omitzero"`
	Area    string `json:"area,omitzero"`
	AppType string `json:"appType,omitzero"`
}

// AreaCode is the form of an area: the 47 prefectures of Japan, 22 counties and
// cities of Taiwan, 8 regions of Thailand and 12 areas of Indonesia.
// https://developers.line.biz/en/reference/messaging-api/#narrowcast-demographic-filter
var AreaCode = regexp.MustCompile(`^(jp_(0[1-9]|[123][0-9]|4[0-7])|tw_(0[1-9]|1[0-9]|2[0-2])|th_0[1-8]|id_(0[1-9]|1[0-2]))$`)

// Check says what a profile tells that cannot be, by the name of its key.
func (p *Profile) Check() error {
	d := p.Demographics
	switch {
	case d.Gender != "" && !slices.Contains(genders[:], d.Gender):
		return fmt.Errorf("demographics.gender: %q is none of male, female", d.Gender)
	case d.Age < 0:
		return fmt.Errorf("demographics.age: %d is below 0", d.Age)
	case d.Area != "" && !AreaCode.MatchString(d.Area):
		return fmt.Errorf("demographics.area: %q is no area such as jp_13", d.Area)
	case d.AppType != "" && !slices.Contains(appTypes[:], d.AppType):
		return fmt.Errorf("demographics.appType: %q is none of ios, android", d.AppType)
	case p.Phone != "" && !phoneNumber.MatchString(plainPhone(p.Phone)):
		return fmt.Errorf("phone: %q is no number in E.164 such as +818000001234", p.Phone)
	}
	return nil
}

// Person is a LINE user as a provider's channels know them.
type Person struct {
	No       int64
	UserID   string
	Provider string
	Profile  Profile
	// crowd and index place a synthetic person; crowd is nil for others.
	crowd *crowd
	index int64
}

// UserID is the form of a user id.
var UserID = regexp.MustCompile(`^U[0-9a-f]{32}$`)

// Room keeps people and friendships.
type Room struct {
	db    *store.DB
	cache cache
	// crowds is replaced as a whole by Load, while others read it.
	crowds atomic.Pointer[[]*crowd]
	// populations keeps the last of each channel, by its number.
	populations struct {
		sync.Mutex
		of map[int64]*population
	}
}

// Open makes the room; Load reads what must be in memory.
func Open(db *store.DB) *Room { return &Room{db: db} }

// Resolve is the person of that user id; store.ErrNotFound when nobody has it.
func (r *Room) Resolve(tx *store.Tx, userID string) (*Person, error) {
	if p := r.cache.byID(userID); p != nil {
		return p, nil
	}
	if p := r.crowdMember(userID); p != nil {
		return p, nil
	}
	if !UserID.MatchString(userID) { // nor could PostgreSQL be asked for every text
		return nil, store.ErrNotFound
	}
	return r.read(tx, `SELECT no, user_id, provider, profile FROM people WHERE user_id = $1`, userID)
}

// ByNo is the person of that number.
func (r *Room) ByNo(tx *store.Tx, no int64) (*Person, error) {
	if p := r.cache.byNo(no); p != nil {
		return p, nil
	}
	if no >= crowdBase {
		if p := r.crowdMemberNo(no); p != nil {
			return p, nil
		}
		return nil, store.ErrNotFound
	}
	return r.read(tx, `SELECT no, user_id, provider, profile FROM people WHERE no = $1`, no)
}

func (r *Room) read(tx *store.Tx, query string, arg any) (*Person, error) {
	var p Person
	var profile string
	if err := tx.Row(query, []any{arg}, &p.No, &p.UserID, &p.Provider, &profile); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(profile), &p.Profile); err != nil {
		return nil, err
	}
	// Within an Update the row may still be rolled back. What a View reads is not
	// kept: it may be older than a reset.
	tx.After(func() { r.cache.put(&p) })
	return &p, nil
}

const selectPeople = `SELECT no, user_id, provider, profile FROM people ORDER BY no`

// People lists the people of the world that are not of a crowd, in order.
func (r *Room) People(tx *store.Tx) ([]*Person, error) { return r.list(tx, selectPeople) }

// OfProvider lists those of a provider, in order.
func (r *Room) OfProvider(tx *store.Tx, provider string) ([]*Person, error) {
	return r.list(tx, `SELECT no, user_id, provider, profile FROM people WHERE provider = $1 ORDER BY no`, provider)
}

// First lists the first of them, at most limit.
func (r *Room) First(tx *store.Tx, limit int) ([]*Person, error) {
	return r.list(tx, selectPeople+` LIMIT $1`, limit)
}

// Count counts them.
func (r *Room) Count(tx *store.Tx) (n int, err error) {
	err = tx.Row(`SELECT COUNT(*) FROM people`, nil, &n)
	return n, err
}

func (r *Room) list(tx *store.Tx, query string, args ...any) ([]*Person, error) {
	var list []*Person
	err := tx.Each(query, args, func(scan func(...any) error) error {
		var p Person
		var profile string
		if err := scan(&p.No, &p.UserID, &p.Provider, &profile); err != nil {
			return err
		}
		list = append(list, &p)
		return json.Unmarshal([]byte(profile), &p.Profile)
	})
	return list, err
}

// Add adds a person; store.ErrConflict when the user id is taken.
func (r *Room) Add(tx *store.Tx, p Person) (*Person, error) {
	// The store is asked, not the cache: a reader whose view is older than a reset
	// may have put somebody there who is no more.
	err := tx.Row(`SELECT 1 FROM people WHERE user_id = $1`, []any{p.UserID}, new(int64))
	if err == nil || r.crowdMember(p.UserID) != nil {
		return nil, store.ErrConflict
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if err := tx.Row(`SELECT COALESCE(MAX(no), 0) + 1 FROM people`, nil, &p.No); err != nil {
		return nil, err
	}
	profile, err := json.Marshal(p.Profile)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(`INSERT INTO people (no, user_id, provider, profile) VALUES ($1, $2, $3, $4)`, p.No, p.UserID, p.Provider, string(profile))
	if err != nil {
		return nil, err
	}
	return &p, addPhone(tx, p)
}
