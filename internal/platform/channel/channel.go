package channel

import (
	"sort"
	"sync"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// The types of channels.
const (
	Messaging = "messaging"
	Login     = "login"
	MiniApp   = "miniapp"
	// Module channels act for the official accounts that they are attached to.
	Module = "module"
)

// Unlimited is the quota of an account that may send without a monthly limit.
const Unlimited = -1

// Channel is a registered channel.
type Channel struct {
	// No is the number that tables index by; it never goes out.
	No       int64
	ID       string // 10 digits
	Provider string
	Type     string
	Name     string
	Secret   string // 32 hex digits
	Account  Account
	// Quota is the messages a month, or Unlimited.
	Quota   int64
	Webhook Webhook
	Config  Config
}

// Account is the official account of a Messaging API channel.
type Account struct {
	UserID         string `json:"userId,omitzero"`
	BasicID        string `json:"basicId,omitzero"`
	PremiumID      string `json:"premiumId,omitzero"`
	DisplayName    string `json:"displayName,omitzero"`
	PictureURL     string `json:"pictureUrl,omitzero"`
	Status         string `json:"status,omitzero"`         // unverified | verified | premium
	Country        string `json:"country,omitzero"`        // JP | TW | TH | ID
	ChatMode       string `json:"chatMode,omitzero"`       // bot | chat
	MarkAsReadMode string `json:"markAsReadMode,omitzero"` // auto | manual
}

// Webhook is where and how events are sent.
type Webhook struct {
	Endpoint   string `json:"endpoint,omitzero"`
	Active     bool   `json:"active,omitzero"`
	Redelivery bool   `json:"redelivery,omitzero"`
}

// AssertionKey is a public key registered for channel access token v2.1 (JWK, RS256).
type AssertionKey struct {
	Kid string `json:"kid"`
	Kty string `json:"kty"`
	N   string `json:"n"`
	E   string `json:"e"`
}

// Config is the rest of a channel's settings, as the world file writes them.
type Config struct {
	AssertionKeys []AssertionKey `json:"assertionKeys,omitzero"`
	Beacons       []Beacon       `json:"beacons,omitzero"`
	CallbackURLs  []string       `json:"callbackUrls,omitzero"`
	Scopes        []string       `json:"scopes,omitzero"`
	LinkedBot     string         `json:"linkedBot,omitzero"`
	// BuiltInBot: while the account has no webhook URL, the built-in bot answers for it.
	BuiltInBot    bool      `json:"builtInBot,omitzero"`
	PhoneMessages bool      `json:"phoneMessages,omitzero"`
	PhoneKeys     PhoneKeys `json:"phoneKeys,omitzero"`
	// DefaultActive: a module channel that answers, from when it is attached.
	DefaultActive bool `json:"defaultActive,omitzero"`
	// Region (JP, TH or TW) and IconURL are of a LINE MINI App channel.
	Region  string `json:"region,omitzero"`
	IconURL string `json:"iconUrl,omitzero"`
}

// PhoneKeys are keys of LINE notification messages (template) that the account
// may use beside those that everybody may.
type PhoneKeys struct {
	Templates []PhoneTemplate `json:"templates,omitzero" yaml:"templates"`
	Items     []PhoneLabel    `json:"items,omitzero" yaml:"items"`
	Buttons   []PhoneLabel    `json:"buttons,omitzero" yaml:"buttons"`
}

// PhoneTemplate is what a template says above its items.
type PhoneTemplate struct {
	Key         string `json:"key" yaml:"key"`
	Title       string `json:"title" yaml:"title"`
	Description string `json:"description,omitzero" yaml:"description"`
}

// PhoneLabel is what an item or a button is called.
type PhoneLabel struct {
	Key   string `json:"key" yaml:"key"`
	Label string `json:"label" yaml:"label"`
}

// Beacon is a LINE Beacon device of the account.
type Beacon struct {
	Hwid string `json:"hwid"`
}

// Verified says whether the account has what only verified and premium accounts may use.
func (c *Channel) Verified() bool {
	return c.Account.Status == "verified" || c.Account.Status == "premium"
}

// Room keeps the channels. All readers share one immutable copy of each channel.
type Room struct {
	db   *store.DB
	mu   sync.RWMutex
	byID map[string]*Channel
	byNo map[int64]*Channel
	list []*Channel
	has  map[string]bool // types of which there is a channel
}

// Open reads the channels of the store.
func Open(db *store.DB) *Room { return &Room{db: db} }

// Get is the channel of that id, or nil.
func (r *Room) Get(id string) *Channel {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.byID[id]
}

// ByNo is the channel of that number, or nil.
func (r *Room) ByNo(no int64) *Channel {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.byNo[no]
}

// List is all channels in the order they were registered.
func (r *Room) List() []*Channel {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return append([]*Channel(nil), r.list...)
}

// Has says whether there is a channel of that type.
func (r *Room) Has(kind string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.has[kind]
}

// OfBot is the channel whose official account has that user id, or nil.
func (r *Room) OfBot(userID string) *Channel {
	for _, c := range r.List() {
		if c.Account.UserID == userID {
			return c
		}
	}
	return nil
}

// Caller is the channel that makes an authenticated call.
func Caller(c *api.Call) *Channel { return c.Principal.(*Channel) }

func (r *Room) remember(list []*Channel) {
	sort.Slice(list, func(i, j int) bool { return list[i].No < list[j].No })
	byID, byNo, has := map[string]*Channel{}, map[int64]*Channel{}, map[string]bool{}
	for _, c := range list {
		byID[c.ID], byNo[c.No], has[c.Type] = c, c, true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list, r.byID, r.byNo, r.has = list, byID, byNo, has
}
