package login

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/dialog"
	"kaiwa/internal/platform/friend"
)

// consent is what a person agreed to.
type consent struct {
	scopes []string
	// asked: the option to add the official account was shown; add: it was taken.
	asked, add bool
}

// words say what each scope lets the channel know or do.
var words = map[string]string{"openid": "Internal identifier", "profile": "Profile: name and picture (required)", "email": "Email address",
	"chat_message.write": "Send messages to chats in your name"}

// consentPage asks the person to agree, unless they have.
func (r *Room) consentPage(c *api.Call) (any, error) {
	req, s, done, err := r.arrived(c, c.Query())
	if req == nil || err != nil {
		return done, err
	}
	agreed, err := r.agreed(c, req, s)
	if err != nil {
		return nil, err
	}
	bot, err := r.addable(c, req, s)
	if err != nil {
		return nil, err
	}
	if agreed && (bot == nil || req.BotPrompt != "aggressive") {
		return r.finish(c, req, s, consent{scopes: req.Scopes})
	}
	dialog.Protect(c)
	return dialog.Page(200, req.channel.Name, h.P(g.Text(s.person.Profile.DisplayName+", this service asks for:")),
		h.Form(h.Method("post"), h.Action(consentPath+"?"+req.query.Encode()),
			h.Ul(g.Map(req.Scopes, func(scope string) g.Node { return g.If(scope != "email", h.Li(g.Text(words[scope]))) })),
			g.If(req.has("email"), g.Group{dialog.Hidden("optional", "email"), check("scope", "email", words["email"])}),
			g.If(bot != nil, addFriend(bot)),
			button("consent", "allow", "Allow", true), button("consent", "cancel", "Cancel", false)))
}

func check(name, value, label string) g.Node {
	return h.Label(h.Class("check"), h.Input(h.Type("checkbox"), h.Name(name), h.Value(value), h.Checked()), h.Span(g.Text(label)))
}

// addFriend is the option to become the official account's friend.
// https://developers.line.biz/en/docs/line-login/link-a-bot/
func addFriend(bot *channel.Channel) g.Node {
	if bot == nil {
		return nil
	}
	return g.Group{dialog.Hidden("asked", "addFriend"), check("addFriend", "1", "Add "+bot.Account.DisplayName+" as a friend")}
}

// arrived is how the consent page begins, seen or sent: with a good request and
// somebody who logged in. Else req is nil and done is the answer.
func (r *Room) arrived(c *api.Call, q url.Values) (req *Request, s *session, done any, err error) {
	req, bad, err := r.read(c, q)
	switch {
	case err != nil:
		done, err = r.unusable(c, err)
		return nil, nil, done, err
	case bad != nil:
		done, err = r.refuse(c, req, bad)
		return nil, nil, done, err
	}
	if s, err = r.session(c, req); err != nil {
		return nil, nil, nil, err
	}
	if s == nil {
		done, err = dialog.Redirect(c, req.toLogin())
		return nil, nil, done, err
	}
	return req, s, nil, nil
}

// agree takes the consent page's form.
func (r *Room) agree(c *api.Call, in url.Values) (any, error) {
	req, s, done, err := r.arrived(c, c.Query())
	if req == nil || err != nil {
		return done, err
	}
	switch in.Get("consent") {
	case "allow":
	case "cancel":
		return r.refuse(c, req, denied)
	default:
		return r.consentPage(c)
	}
	given := consent{asked: in.Get("asked") != "" || in.Has("addFriend"), add: in.Has("addFriend")}
	for _, scope := range req.Scopes {
		if !slices.Contains(in["optional"], scope) || slices.Contains(in["scope"], scope) {
			given.scopes = append(given.scopes, scope)
		}
	}
	return r.finish(c, req, s, given)
}

// agreed says whether the person need not be asked: they granted all of it before.
func (r *Room) agreed(c *api.Call, req *Request, s *session) (agreed bool, err error) {
	if req.Prompt == "consent" {
		return false, nil
	}
	err = r.DB.View(c, func(tx *store.Tx) error {
		have, err := granted(tx, req.channel, s.person)
		agreed = !slices.ContainsFunc(req.Scopes, func(scope string) bool { return !slices.Contains(have, scope) })
		return err
	})
	return agreed, err
}

func granted(tx *store.Tx, ch *channel.Channel, p *friend.Person) ([]string, error) {
	var scope string
	err := tx.Row(`SELECT scope FROM login_grants WHERE channel_no = $1 AND person_no = $2`, []any{ch.No, p.No}, &scope)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return strings.Fields(scope), err
}

// addable is the linked account that the person may be asked to add; nil when
// there is nothing to ask.
func (r *Room) addable(c *api.Call, req *Request, s *session) (bot *channel.Channel, err error) {
	if req.BotPrompt == "" {
		return nil, nil
	}
	err = r.DB.View(c, func(tx *store.Tx) error {
		bot, err = r.stranger(tx, req.channel, s.person)
		return err
	})
	return bot, err
}

// stranger is the channel's linked account if the person is no friend of it, or nil.
func (r *Room) stranger(tx *store.Tx, ch *channel.Channel, p *friend.Person) (*channel.Channel, error) {
	bot := r.LinkedBot(ch)
	if bot == nil {
		return nil, nil
	}
	f, err := r.Friends.Friendship(tx, bot, p)
	if err != nil || f.State == friend.Friend {
		return nil, err
	}
	return bot, nil
}

// Befriend makes the person a friend of the channel's linked account; changed
// says that they were not.
func (r *Room) Befriend(tx *store.Tx, ch *channel.Channel, p *friend.Person) (changed bool, err error) {
	bot, err := r.stranger(tx, ch, p)
	if err != nil || bot == nil {
		return false, err
	}
	_, err = r.Chats.Follow(tx, bot, p)
	return true, err
}

// finish grants what was agreed to, makes a code and sends the browser back, all
// in one transaction with the friendship.
func (r *Room) finish(c *api.Call, req *Request, s *session, given consent) (any, error) {
	code := id.Hex(16)
	changed := false
	kept := *req
	kept.Scopes = given.scopes
	text, err := json.Marshal(codeRequest{kept, s.amr, s.at})
	if err != nil {
		return nil, err
	}
	err = r.DB.Update(c, func(tx *store.Tx) error {
		if err := grant(tx, req.channel, s.person, given.scopes); err != nil {
			return err
		}
		if given.add {
			if changed, err = r.Befriend(tx, req.channel, s.person); err != nil {
				return err
			}
		}
		_, err = tx.Exec(`INSERT INTO login_codes (hash, channel_no, person_no, request, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, 0)`,
			hashOf(code), req.channel.No, s.person.No, string(text), tx.Now.Add(codeSpan).UnixMilli())
		return err
	})
	if err != nil {
		return nil, err
	}
	answer := []api.Member{{Name: "code", Value: code}, {Name: "state", Value: req.State}}
	if given.asked && req.BotPrompt != "" {
		answer = append(answer, api.Member{Name: "friendship_status_changed", Value: map[bool]string{true: "true", false: "false"}[changed]})
	}
	if req.LiffID != "" {
		answer = append(answer, api.Member{Name: "liffClientId", Value: req.ClientID}, api.Member{Name: "liffRedirectUri", Value: req.RedirectURI})
	}
	return r.back(c, req, answer)
}

// grant adds to what the person agreed to before.
func grant(tx *store.Tx, ch *channel.Channel, p *friend.Person, scopes []string) error {
	have, err := granted(tx, ch, p)
	if err != nil {
		return err
	}
	for _, s := range scopes {
		if !slices.Contains(have, s) {
			have = append(have, s)
		}
	}
	_, err = tx.Exec(`INSERT INTO login_grants (channel_no, person_no, scope, granted_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (channel_no, person_no) DO UPDATE SET scope = excluded.scope, granted_at = excluded.granted_at`, ch.No, p.No, strings.Join(have, " "), tx.Millis())
	return err
}
