package miniapp

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/rivo/uniseg"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/object"
)

// Where pages of MINI Apps are, and how long the URL of an action may be.
const (
	pages   = "https://miniapp.line.me/"
	uriMost = 1000
)

// headMost is how much of a title or subtitle is shown; the platform names no limit.
const headMost = 100

// flexMessage is what a person sees of a service message.
type flexMessage struct {
	Type     string `json:"type"`
	AltText  string `json:"altText"`
	Contents node   `json:"contents"`
}

// node is a component of a Flex Message.
// https://developers.line.biz/en/reference/messaging-api/#flex-message
type node map[string]any

const grey = "#777777"

// message is the Flex Message that the template makes of a request's params: 400
// when one is missing or too long.
func (t *Template) message(ch *channel.Channel, liffID string, params map[string]string) (jsontext.Value, error) {
	for _, p := range t.Params {
		if strings.TrimSpace(params[p]) == "" {
			return nil, blank("params." + p)
		}
	}
	title := cmp.Or(cut(fill(t.Title, params), headMost), ch.Name) // a title may be of optional params alone
	body := []any{words(title, node{"weight": "bold", "size": "lg"})}
	if s := cut(fill(t.Subtitle, params), headMost); s != "" {
		body = append(body, words(s, node{"size": "sm", "color": grey}))
	}
	details, err := t.lines(params)
	if err != nil {
		return nil, err
	}
	if len(details) > 0 {
		body = append(body, node{"type": "separator", "margin": "lg"}, column("md", details))
	}
	presses, err := t.presses(liffID, params)
	if err != nil {
		return nil, err
	}
	foot := append(presses, sign(ch, liffID))
	bubble := node{"type": "bubble", "body": column("md", body), "footer": column("sm", foot)}
	return json.Marshal(flexMessage{"flex", title, bubble}, json.Deterministic(true))
}

// lines is the detail section: 400 for a text above the hard limit.
func (t *Template) lines(params map[string]string) (list []any, err error) {
	limit := layouts[t.Layout]
	for _, d := range t.Details {
		text := fill(d.Text, params)
		if text == "" {
			continue
		}
		if object.Graphemes(text) > limit.hard {
			return nil, api.Errorf(api.Invalid, "[params.%s] must be at most %d characters", named(d.Text), limit.hard)
		}
		value := words(cut(text, limit.soft), node{"size": "sm"})
		if t.Layout == "detailed" && d.Label != "" {
			value["flex"] = 5
			list = append(list, node{"type": "box", "layout": "baseline", "spacing": "md",
				"contents": []any{words(d.Label, node{"size": "sm", "color": grey, "flex": 3}), value}})
			continue
		}
		list = append(list, value)
	}
	return list, nil
}

// named is the param that a detail is made of, for the words of a refusal.
func named(text string) string {
	if found := placeholder.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// presses are the buttons that have a URL.
func (t *Template) presses(liffID string, params map[string]string) (list []any, err error) {
	for _, b := range t.Buttons {
		text := strings.TrimSpace(fill(b.URI, params))
		if text == "" {
			continue
		}
		uri, ok := page(liffID, text)
		if !ok {
			return nil, api.Errorf(api.Invalid, "[params.%s] must be a URL", named(b.URI))
		}
		list = append(list, node{"type": "button", "style": "link", "height": "sm", "action": opens(b.Label, uri)})
	}
	return list, nil
}

// sign tells which app it is, and opens its top page.
func sign(ch *channel.Channel, liffID string) node {
	row := []any{words(ch.Name, node{"size": "xs", "color": grey})}
	if ch.Config.IconURL != "" {
		row = slices.Insert(row, 0, any(node{"type": "icon", "url": ch.Config.IconURL, "size": "sm"}))
	}
	out := node{"type": "box", "layout": "baseline", "spacing": "sm", "margin": "md", "contents": row}
	if liffID != "" {
		out["action"] = opens(ch.Name, pages+liffID)
	}
	return out
}

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// page is the URL of a button: a whole one of a scheme that actions can have, or
// what follows the app's permanent link.
func page(liffID, text string) (string, bool) {
	switch {
	case !scheme.MatchString(text):
		if liffID == "" {
			return "", false
		}
		text = pages + liffID + "/" + strings.TrimPrefix(text, "/")
		if rest, ok := strings.CutPrefix(text, pages+liffID+"/?"); ok {
			text = pages + liffID + "?" + rest
		}
	case !slices.Contains([]string{"https", "http", "line", "tel"}, strings.ToLower(text[:strings.IndexByte(text, ':')])):
		return "", false
	}
	_, err := url.Parse(text)
	return text, err == nil && utf8.RuneCountInString(text) <= uriMost
}

func opens(label, uri string) node { return node{"type": "uri", "label": cut(label, 20), "uri": uri} }

func column(spacing string, contents []any) node {
	return node{"type": "box", "layout": "vertical", "spacing": spacing, "contents": contents}
}

func words(text string, more node) node {
	more["type"], more["text"], more["wrap"] = "text", text, true
	return more
}

// fill puts params at their places.
func fill(text string, params map[string]string) string {
	return strings.TrimSpace(placeholder.ReplaceAllStringFunc(text, func(p string) string { return params[p[1:len(p)-1]] }))
}

// cut is text in at most so many grapheme clusters, with an ellipsis for the rest.
func cut(text string, most int) string {
	if object.Graphemes(text) <= most {
		return text
	}
	rest, state := text, -1
	for range most {
		_, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
	}
	return text[:len(text)-len(rest)] + "..."
}
