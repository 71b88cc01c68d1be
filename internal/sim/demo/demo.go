// Package demo is the built-in bot: it answers for accounts that have no webhook
// URL yet, so that a phone is alive before anything is connected.
//
// It receives the same signed webhook bodies as any bot and replies by reply
// token. It is a guest of the platform, with no more rights than others.
package demo

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/platform/channel"
)

// Bot answers events with replies.
type Bot struct {
	// Reply sends messages by a reply token.
	Reply func(ctx context.Context, ch *channel.Channel, token string, messages []jsontext.Value) error
}

type event struct {
	Type       string `json:"type"`
	ReplyToken string `json:"replyToken"`
	Message    struct {
		Type, Text, Title, Address, PackageID, StickerID, FileName string
	} `json:"message,case:ignore"`
	Postback struct {
		Data   string            `json:"data"`
		Params map[string]string `json:"params"`
	} `json:"postback"`
}

// Answer handles one webhook body.
func (b *Bot) Answer(ctx context.Context, ch *channel.Channel, body []byte) error {
	var in struct {
		Events []event `json:"events"`
	}
	if err := json.Unmarshal(body, &in, json.MatchCaseInsensitiveNames(true)); err != nil {
		return err
	}
	var errs []error
	for _, e := range in.Events {
		if e.ReplyToken == "" {
			continue
		}
		if messages := answer(ch, e); len(messages) > 0 {
			errs = append(errs, b.Reply(ctx, ch, e.ReplyToken, messages))
		}
	}
	return errors.Join(errs...)
}

func answer(ch *channel.Channel, e event) []jsontext.Value {
	switch e.Type {
	case "follow", "join":
		return list(text("Welcome to "+ch.Account.DisplayName+"! I am the built-in bot. I answer until you set a webhook URL.", choices()...))
	case "memberJoined":
		return list(text("Hello! Nice to meet you all."))
	case "postback":
		return list(text("You tapped: " + e.Postback.Data + picked(e.Postback.Params)))
	case "message":
		return answerMessage(ch, e)
	}
	return nil
}

var greeting = regexp.MustCompile(`\b(hello|hi|hey)\b|こんにちは`)

func answerMessage(ch *channel.Channel, e event) []jsontext.Value {
	m := e.Message
	switch m.Type {
	case "text":
		said := strings.ToLower(m.Text)
		switch {
		case greeting.MatchString(said):
			return list(text("Hello from "+ch.Account.DisplayName+"! What would you like to see?", choices()...))
		case strings.Contains(said, "menu"):
			return list(menu())
		case strings.Contains(said, "book"):
			return list(booking())
		}
		return list(text(cut("You said: "+m.Text), choices()...))
	case "sticker":
		return list(value(map[string]any{"type": "sticker", "packageId": "11537", "stickerId": "52002734"}))
	case "location":
		return list(text(cut(strings.Join(strings.Fields("You are at "+m.Title+" "+m.Address), " "))))
	case "image", "video", "audio", "file":
		return list(text("Thank you for the " + m.Type + "."))
	}
	return nil
}

// textMost is the longest text that the platform sends, in UTF-16 units; people
// may write longer ones.
const textMost = 5000

func cut(s string) string {
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > textMost {
			return s[:i]
		}
	}
	return s
}

func picked(params map[string]string) string {
	for _, v := range params {
		return " (" + v + ")"
	}
	return ""
}

func list(messages ...jsontext.Value) []jsontext.Value { return messages }

// value writes one of this bot's own messages, which always can be written.
func value(v any) jsontext.Value {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(err)
	}
	return b
}

type object = map[string]any

func text(s string, buttons ...object) jsontext.Value {
	m := object{"type": "text", "text": s}
	if len(buttons) > 0 {
		m["quickReply"] = object{"items": buttons}
	}
	return value(m)
}

func choices() []object {
	item := func(action object) object { return object{"type": "action", "action": action} }
	return []object{
		item(object{"type": "message", "label": "Menu", "text": "Show me the menu"}),
		item(object{"type": "message", "label": "Book a table", "text": "I want to book a table"}),
		item(object{"type": "postback", "label": "Opening hours", "data": "hours", "displayText": "When are you open?"}),
		item(object{"type": "location", "label": "Send location"}),
	}
}

func menu() jsontext.Value {
	bubble := func(name, about string, price int) object {
		return object{"type": "bubble", "size": "kilo",
			"body": object{"type": "box", "layout": "vertical", "spacing": "sm", "contents": []object{
				{"type": "text", "text": name, "weight": "bold", "size": "xl", "wrap": true},
				{"type": "text", "text": about, "size": "sm", "color": "#5b6470", "wrap": true},
				{"type": "box", "layout": "baseline", "margin": "md", "contents": []object{
					{"type": "text", "text": fmt.Sprintf("%d", price), "weight": "bold", "size": "lg", "flex": 0},
					{"type": "text", "text": " yen", "size": "sm", "color": "#5b6470", "flex": 0}}}}},
			"footer": object{"type": "box", "layout": "vertical", "contents": []object{
				{"type": "button", "style": "primary", "height": "sm",
					"action": object{"type": "postback", "label": "Order", "data": "order=" + name, "displayText": "One " + name + ", please"}}}}}
	}
	return value(object{"type": "flex", "altText": "Our menu: coffee, matcha latte, toast", "contents": object{"type": "carousel", "contents": []object{
		bubble("Coffee", "Hand drip, a dark roast", 450), bubble("Matcha latte", "With milk or oat milk", 580), bubble("Toast", "Thick, with butter and honey", 380)}}})
}

func booking() jsontext.Value {
	return value(object{"type": "template", "altText": "Book a table", "template": object{"type": "buttons", "title": "Book a table",
		"text": "When will you come?", "actions": []object{
			{"type": "datetimepicker", "label": "Pick date and time", "data": "booking", "mode": "datetime"},
			{"type": "message", "label": "Not today", "text": "Not today"}}}})
}
