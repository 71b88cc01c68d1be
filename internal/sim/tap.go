package sim

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/miniapp"
	"kaiwa/internal/platform/object"
)

// Tapping is a tap of a person on an action of a message.
type Tapping struct {
	Chat      ChatRef        `json:"chat"`
	MessageID string         `json:"messageId"`
	Action    jsontext.Value `json:"action"`
	// QuickReply is the index of the message's quick reply button instead of an action.
	QuickReply *int `json:"quickReply"`
	// RichMenuArea is the index of an area of the rich menu now shown.
	RichMenuArea *int `json:"richMenuArea"`
	// Datetime is what the person picked, in the form of the action's mode.
	Datetime string `json:"datetime"`
}

// Tapped is what happened.
type Tapped struct {
	Type            string   `json:"type"` // the action's
	WebhookEventIDs []string `json:"webhookEventIds"`
	// MessageID is the message that appeared in the person's name.
	MessageID string `json:"messageId,omitzero"`
	// URI is to be opened, ClipboardText was copied.
	URI           string `json:"uri,omitzero"`
	ClipboardText string `json:"clipboardText,omitzero"`
	// LIFF is the LIFF app of this world that the URI leads to.
	LIFF *LIFFLink `json:"liff,omitzero"`
	// Status is what came of a switch of rich menus.
	Status string `json:"status,omitzero"`
	// InputOption and FillInText are what the keyboard or rich menu does next.
	InputOption string `json:"inputOption,omitzero"`
	FillInText  string `json:"fillInText,omitzero"`
}

// action is an action object, of any type.
// https://developers.line.biz/en/reference/messaging-api/#action-objects
type action struct {
	Type          string `json:"type"`
	Label         string `json:"label"`
	Data          string `json:"data"`
	DisplayText   string `json:"displayText"`
	Text          string `json:"text"`
	URI           string `json:"uri"`
	LinkURI       string `json:"linkUri"` // imagemap
	Mode          string `json:"mode"`
	Min           string `json:"min"`
	Max           string `json:"max"`
	ClipboardText string `json:"clipboardText"`
	InputOption   string `json:"inputOption"`
	FillInText    string `json:"fillInText"`

	RichMenuAliasID string `json:"richMenuAliasId"`
}

// Tap has a person tap an action that stands in a message they see.
func (r *Room) Tap(ctx context.Context, userID string, in Tapping) (Tapped, error) {
	if region, ok := miniapp.NoticeRegion(in.Chat.id()); ok {
		return r.tapNotice(ctx, userID, region, in)
	}
	var out Tapped
	err := r.act(ctx, userID, in.Chat.id(), func(tx *store.Tx, p *friend.Person, c *chat.Chat) (err error) {
		out, err = r.tap(tx, p, c, in)
		return err
	})
	return out, err
}

func (r *Room) tap(tx *store.Tx, p *friend.Person, c *chat.Chat, in Tapping) (Tapped, error) {
	if in.RichMenuArea != nil {
		return r.tapMenu(tx, p, c, in)
	}
	l, err := r.Talk.Seen(tx, p, c, in.MessageID)
	if errors.Is(err, store.ErrNotFound) || err == nil && (l.SenderNo >= 0 || l.UnsentAt != 0) {
		return Tapped{}, api.Errorf(api.NotFound, "messageId: no account's message %s in this chat", in.MessageID)
	}
	if err != nil {
		return Tapped{}, err
	}
	raw, err := tapped(l.Body, in)
	if err != nil {
		return Tapped{}, err
	}
	var a action
	if err := json.Unmarshal(raw, &a); err != nil {
		return Tapped{}, err
	}
	ch, err := r.Talk.Account(-l.SenderNo)
	if err != nil {
		return Tapped{}, err
	}
	return r.perform(tx, p, c, ch, a, in)
}

// tapped is the action meant, as it stands in the message.
func tapped(message jsontext.Value, in Tapping) (jsontext.Value, error) {
	if in.QuickReply == nil {
		if len(in.Action) == 0 {
			return nil, api.Errorf(api.Invalid, "action: give the action object as it stands in the message, or quickReply")
		}
		a, ok := object.ActionAt(message, in.Action)
		if !ok {
			return linkIn(message, in.Action)
		}
		return a.Raw, nil
	}
	var v struct {
		QuickReply struct {
			Items []struct {
				Action jsontext.Value `json:"action"`
			} `json:"items"`
		} `json:"quickReply"`
	}
	if err := json.Unmarshal(message, &v); err != nil {
		return nil, err
	}
	if i := *in.QuickReply; i >= 0 && i < len(v.QuickReply.Items) {
		return v.QuickReply.Items[i].Action, nil
	}
	return nil, api.Errorf(api.Invalid, "quickReply: the message has %d quick reply buttons, counted from 0", len(v.QuickReply.Items))
}

// perform does what the action's type says.
func (r *Room) perform(tx *store.Tx, p *friend.Person, c *chat.Chat, ch *channel.Channel, a action, in Tapping) (Tapped, error) {
	out := Tapped{Type: a.Type, WebhookEventIDs: []string{}}
	var err error
	switch a.Type {
	case "message":
		return r.tapText(tx, p, c, a.Text, out)
	case "postback":
		out.InputOption, out.FillInText = a.InputOption, a.FillInText
		if a.Text != "" { // deprecated: says the text as well, with an event of its own
			if out, err = r.tapText(tx, p, c, a.Text, out); err != nil {
				return out, err
			}
		}
		if a.DisplayText != "" {
			id, err := r.Talk.DisplayText(tx, ch, p, c, a.DisplayText)
			if err != nil {
				return out, err
			}
			out.MessageID = strconv.FormatInt(id, 10)
		}
		return r.postback(tx, p, c, ch, a.Data, nil, out)
	case "datetimepicker":
		if err := a.picks(in.Datetime); err != nil {
			return out, err
		}
		return r.postback(tx, p, c, ch, a.Data, api.Members([]api.Member{{Name: a.Mode, Value: in.Datetime}}), out)
	case "uri":
		if out.URI = a.URI; out.URI == "" {
			out.URI = a.LinkURI
		}
		if out.LIFF, err = r.linked(tx, p, out.URI); err != nil || in.RichMenuArea != nil { // its clicks are the menu's
			return out, err
		}
		id, err := strconv.ParseInt(in.MessageID, 10, 64)
		if err != nil {
			return out, err
		}
		return out, r.Interactions.Click(tx, p, id, out.URI)
	case "clipboard":
		out.ClipboardText = a.ClipboardText
	case "camera", "cameraRoll", "location": // opens a picker; what is picked is sent as a message
	default:
		err = api.Errorf(api.Conflict, "action: a %q action cannot be tapped in a message", a.Type)
	}
	return out, err
}

func (r *Room) tapText(tx *store.Tx, p *friend.Person, c *chat.Chat, text string, out Tapped) (Tapped, error) {
	said, err := r.Talk.Say(tx, p, c, chat.Utterance{Type: "text", Text: text})
	if err != nil {
		return out, err
	}
	out.MessageID = strconv.FormatInt(said.MessageID, 10)
	out.WebhookEventIDs = append(out.WebhookEventIDs, said.EventIDs...)
	return out, nil
}

func (r *Room) postback(tx *store.Tx, p *friend.Person, c *chat.Chat, ch *channel.Channel, data string, params jsontext.Value, out Tapped) (Tapped, error) {
	ids, err := r.Talk.Postback(tx, ch, p, c, data, params)
	out.WebhookEventIDs = append(out.WebhookEventIDs, ids...)
	return out, err
}

var datetimeForms = map[string]string{"date": "2006-01-02", "time": "15:04", "datetime": "2006-01-02T15:04"}

// picks checks what the person picked against the action's mode, min and max.
func (a action) picks(picked string) error {
	form := datetimeForms[a.Mode]
	if t, err := time.Parse(form, picked); err != nil || t.Format(form) != picked {
		return api.Errorf(api.Invalid, "datetime: mode %s wants the form %s", a.Mode, form)
	}
	low, high := lowerT(a.Min), lowerT(a.Max)
	if low != "" && lowerT(picked) < low || high != "" && lowerT(picked) > high {
		return api.Errorf(api.Invalid, "datetime: from %q to %q can be picked", a.Min, a.Max)
	}
	return nil
}

// lowerT makes the two spellings of a datetime comparable: T may be written t.
func lowerT(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] == 'T' {
			b[i] = 't'
		}
	}
	return string(b)
}

func (r *Room) postTap(c *api.Call, in Tapping) (any, error) { return r.Tap(c, c.Path("userId"), in) }
