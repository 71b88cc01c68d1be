package liff

import (
	"crypto/sha256"
	_ "embed" // the picker's script
	"encoding/base64"
	"errors"
	"net/url"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/dialog"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/login"
)

// pickSpan is how long the SDK waits for a choice.
const pickSpan = 10 * time.Minute

// ott gives out the token that ties the picker's window to the app.
func (r *Room) ott(c *api.Call) (any, error) {
	u := login.Caller(c)
	if u.LiffID != c.Path("liffId") {
		return nil, errUnknown
	}
	value := id.Secret(24)
	err := r.DB.Update(c, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO liff_picks (hash, liff_id, person_no, result, expires_at) VALUES ($1, $2, $3, '', $4)`, login.Hash(value), u.LiffID,
			u.Person.No, tx.Now.Add(pickSpan).UnixMilli())
		return err
	})
	return struct {
		OTT string `json:"ott"`
	}{value}, err
}

type pick struct {
	liffID, result string
	person         *friend.Person
}

var errPick = api.Errorf(api.Invalid, "invalid ott")

// pick finds an open use of the picker by what its window was given.
func (r *Room) pick(tx *store.Tx, liffID, ott string) (pick, error) {
	var p pick
	var personNo, expires int64
	err := tx.Row(`SELECT liff_id, person_no, result, expires_at FROM liff_picks WHERE hash = $1`, []any{login.Hash(ott)}, &p.liffID, &personNo, &p.result, &expires)
	if errors.Is(err, store.ErrNotFound) || err == nil && (p.liffID != liffID || expires <= tx.Millis()) {
		return p, errPick
	}
	if err != nil {
		return p, err
	}
	p.person, err = r.Friends.ByNo(tx, personNo)
	return p, err
}

//go:embed picker.js
var pickerScript string

// picker is the window in which the user chooses whom to share with. The
// messages come to it from the app's page; the server never sees them before
// the user has chosen.
func (r *Room) picker(c *api.Call) (any, error) {
	q := c.Query()
	var chats []*chat.Chat
	err := r.DB.View(c, func(tx *store.Tx) error {
		p, err := r.pick(tx, q.Get("liffId"), q.Get("ott"))
		if err == nil {
			chats, err = r.Chats.GatheringsOf(tx, p.person)
		}
		return err
	})
	if errors.Is(err, errPick) {
		dialog.Protect(c)
		return dialog.Page(400, "400 Bad Request", g.Text("This window is not open any more."))
	}
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(pickerScript))
	c.SetHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+
		"'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	return dialog.Page(200, "Share with", h.Form(h.Method("post"), h.Action(pickerPath+"/send"), dialog.Hidden("liffId", q.Get("liffId")),
		dialog.Hidden("ott", q.Get("ott")), dialog.Hidden("messages", ""),
		g.If(len(chats) == 0, h.P(g.Text("You are in no group."))),
		g.Map(chats, func(to *chat.Chat) g.Node {
			return h.Label(h.Class("check"), h.Input(h.Type("checkbox"), h.Name("chatId"), h.Value(to.Peer)), h.Span(g.Text(nameOf(to))))
		}),
		h.Button(h.Class("main"), h.Name("share"), h.Value("send"), g.Text("Share")), h.Button(h.Name("share"), h.Value("cancel"), g.Text("Cancel"))),
		h.Script(g.Raw(pickerScript)))
}

func nameOf(c *chat.Chat) string {
	if c.Name == "" {
		return c.Peer
	}
	return c.Name
}

const pickerPath = "/oauth2/v2.1/liff/shareTargetPicker"

// send takes the picker's form.
func (r *Room) send(c *api.Call, in url.Values) (any, error) {
	result := "SUCCESS"
	if in.Get("share") == "cancel" || len(in["chatId"]) == 0 {
		result = "CANCEL"
	}
	var raw []jsontext.Value
	if result == "SUCCESS" && json.Unmarshal([]byte(in.Get("messages")), &raw) != nil {
		return nil, api.Errorf(api.Invalid, "messages: a list of message objects")
	}
	err := r.DB.Update(c, func(tx *store.Tx) error {
		p, err := r.pick(tx, in.Get("liffId"), in.Get("ott"))
		if err != nil {
			return err
		}
		if p.result != "" {
			return errPick // once
		}
		if result == "SUCCESS" {
			if err := r.shareTo(tx, p.person, in["chatId"], raw); err != nil {
				return err
			}
		}
		return finish(tx, in.Get("ott"), result)
	})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(closing))
	c.SetHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'; frame-ancestors 'none'")
	return dialog.Page(200, map[string]string{"SUCCESS": "Shared", "CANCEL": "Nothing was shared"}[result], h.Script(g.Raw(closing)))
}

// closing ends the picker's window.
const closing = `window.close()`

func finish(tx *store.Tx, ott, result string) error {
	_, err := tx.Exec(`UPDATE liff_picks SET result = $2 WHERE hash = $1 AND result = ''`, login.Hash(ott), result)
	return err
}

// shareTo says the messages in each chat that was chosen; the person is in all
// of them or nothing is said.
func (r *Room) shareTo(tx *store.Tx, p *friend.Person, ids []string, raw []jsontext.Value) error {
	messages, err := shareable(raw, shareTypes)
	if err != nil {
		return err
	}
	for _, chatID := range ids {
		to, err := r.Chats.Shared(tx, chatID)
		if errors.Is(err, store.ErrNotFound) {
			return api.Errorf(api.NotFound, "chatId: there is no group or room %q", chatID)
		}
		if err != nil {
			return err
		}
		if err := r.say(tx, p, to, messages); err != nil {
			return err
		}
	}
	return nil
}

type pickResult struct {
	Result string `json:"result,omitzero"`
}

// result tells the app whether the user has chosen: {} for not yet.
func (r *Room) result(c *api.Call) (any, error) {
	var out pickResult
	err := r.DB.View(c, func(tx *store.Tx) error {
		p, err := r.pick(tx, c.Query().Get("liffId"), c.Query().Get("ott"))
		out.Result = p.result
		return err
	})
	return out, err
}

// setResult is what the app says when its user closed the window.
func (r *Room) setResult(c *api.Call, in url.Values) (any, error) {
	if in.Get("result") != "CANCEL" {
		return nil, api.Errorf(api.Invalid, "invalid result")
	}
	err := r.DB.Update(c, func(tx *store.Tx) error {
		if _, err := r.pick(tx, c.Query().Get("liffId"), c.Query().Get("ott")); err != nil {
			return err
		}
		return finish(tx, c.Query().Get("ott"), "CANCEL")
	})
	return struct {
		Status string `json:"status"`
	}{"ok"}, err
}
