package pnp

import (
	"fmt"
	"net/url"
	"unicode/utf16"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/message"
)

type templateBody struct {
	To          string `json:"to"`
	TemplateKey string `json:"templateKey"`
	Body        struct {
		EmphasizedItem *itemBody    `json:"emphasizedItem"`
		Items          []itemBody   `json:"items"`
		Buttons        []buttonBody `json:"buttons"`
	} `json:"body"`
}

type itemBody struct {
	ItemKey string `json:"itemKey"`
	Content string `json:"content"`
}

type buttonBody struct {
	ButtonKey string `json:"buttonKey"`
	URL       string `json:"url"`
}

// The most that a template takes; lengths in UTF-16 code units.
const (
	itemsMost, buttonsMost     = 15, 2
	emphasizedMost, othersMost = 15, 300
	urlMost                    = 1000
)

// pushTemplate sends a message that is put together from a template's text,
// items and buttons: 400 for unknown keys, else as push.
// https://developers.line.biz/en/reference/line-notification-messages/#send-line-notification-message-template
func (r *Room) pushTemplate(c *api.Call, in templateBody) (any, error) {
	ch := channel.Caller(c)
	data, err := permitted(c, in.To)
	if err != nil {
		return nil, err
	}
	if bad := in.problems(); len(bad) > 0 {
		return nil, &api.Error{Code: api.Invalid, Message: fmt.Sprintf("The request body has %d error(s)", len(bad)), Details: bad}
	}
	t, ok := template(ch, in.TemplateKey)
	if !ok {
		return nil, &api.Error{Code: api.Invalid, Message: "Invalid templateKey: " + in.TemplateKey,
			Details: []api.Detail{{Message: "The specified template doesn't exist, or you don't have the permission", Property: "templateKey"}}}
	}
	if bad := in.unknown(ch); len(bad) > 0 {
		return nil, &api.Error{Code: api.Invalid, Message: fmt.Sprintf("The request body has %d invalid key(s).", len(bad)), Details: bad}
	}
	body, err := in.bubble(ch, t)
	if err != nil {
		return nil, err
	}
	n := notification{Kind: templated, Data: data, RequestID: c.RequestID, Messages: []content{{"flex", body}}}
	return api.Status{Code: 202, Body: api.Object{}}, r.send(c, in.To, n)
}

// problems are what is wrong with the body whatever the keys mean.
func (in templateBody) problems() []api.Detail {
	bad := append(digest(in.To), message.Missing("templateKey", in.TemplateKey)...)
	add := func(property, format string, args ...any) {
		bad = append(bad, api.Detail{Message: fmt.Sprintf(format, args...), Property: property})
	}
	length := func(property, text string, most int) {
		if len(utf16.Encode([]rune(text))) > most {
			add(property, "Length must be between 0 and %d", most)
		}
		bad = append(bad, message.Missing(property, text)...)
	}
	seen := map[string]bool{}
	for i, it := range in.Body.Items {
		at := fmt.Sprintf("body.items[%d]", i)
		bad = append(bad, message.Missing(at+".itemKey", it.ItemKey)...)
		length(at+".content", it.Content, othersMost)
		if seen[it.ItemKey] {
			add(at+".itemKey", duplicate, it.ItemKey)
		}
		seen[it.ItemKey] = it.ItemKey != ""
	}
	if it := in.Body.EmphasizedItem; it != nil {
		const at = "body.emphasizedItem"
		bad = append(bad, message.Missing(at+".itemKey", it.ItemKey)...)
		length(at+".content", it.Content, emphasizedMost)
		if seen[it.ItemKey] {
			add(at+".itemKey", duplicate, it.ItemKey)
		}
	}
	if len(in.Body.Items) > itemsMost {
		add("body.items", "Size must be between 0 and %d", itemsMost)
	}
	if len(in.Body.Buttons) > buttonsMost {
		add("body.buttons", "Size must be between 0 and %d", buttonsMost)
	}
	pressed := map[string]bool{}
	for i, b := range in.Body.Buttons {
		at := fmt.Sprintf("body.buttons[%d]", i)
		bad = append(bad, message.Missing(at+".buttonKey", b.ButtonKey)...)
		length(at+".url", b.URL, urlMost)
		if u, err := url.Parse(b.URL); b.URL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			add(at+".url", "invalid uri")
		}
		if pressed[b.ButtonKey] {
			add(at+".buttonKey", "Duplicate buttonKey in buttons are not allowed: %s", b.ButtonKey)
		}
		pressed[b.ButtonKey] = b.ButtonKey != ""
	}
	return bad
}

const duplicate = "Duplicate itemKey in items or between emphasizedItem and items are not allowed: %s"

// unknown are the keys that the account may not use.
func (in templateBody) unknown(ch *channel.Channel) (bad []api.Detail) {
	check := func(known bool, what, key, property string) {
		if !known {
			bad = append(bad, api.Detail{Message: "The specified " + what + " key does not exist: " + key, Property: property})
		}
	}
	if it := in.Body.EmphasizedItem; it != nil {
		_, ok := item(ch, it.ItemKey)
		check(ok, "item", it.ItemKey, "body.emphasizedItem.itemKey")
	}
	for i, it := range in.Body.Items {
		_, ok := item(ch, it.ItemKey)
		check(ok, "item", it.ItemKey, fmt.Sprintf("body.items[%d].itemKey", i))
	}
	for i, b := range in.Body.Buttons {
		_, ok := button(ch, b.ButtonKey)
		check(ok, "button", b.ButtonKey, fmt.Sprintf("body.buttons[%d].buttonKey", i))
	}
	return bad
}
