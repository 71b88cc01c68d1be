package pnp

import (
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/channel"
)

// The parts of a Flex Message that templates are made of.
// https://developers.line.biz/en/reference/messaging-api/#flex-message
type (
	flexMessage struct {
		Type     string `json:"type"`
		AltText  string `json:"altText"`
		Contents bubble `json:"contents"`
	}
	bubble struct {
		Type   string `json:"type"`
		Body   box    `json:"body"`
		Footer *box   `json:"footer,omitzero"`
	}
	box struct {
		Type     string `json:"type"`
		Layout   string `json:"layout"`
		Spacing  string `json:"spacing,omitzero"`
		Margin   string `json:"margin,omitzero"`
		Contents []any  `json:"contents"`
	}
	text struct {
		Type   string `json:"type"`
		Text   string `json:"text"`
		Size   string `json:"size,omitzero"`
		Weight string `json:"weight,omitzero"`
		Color  string `json:"color,omitzero"`
		Wrap   bool   `json:"wrap"`
		Flex   *int   `json:"flex,omitzero"`
	}
	press struct {
		Type   string    `json:"type"`
		Style  string    `json:"style"`
		Action uriAction `json:"action"`
	}
	uriAction struct {
		Type  string `json:"type"`
		Label string `json:"label"`
		URI   string `json:"uri"`
	}
)

const grey = "#777777"

// bubble is the message as it stands in the person's chat. Its keys are known.
func (in templateBody) bubble(ch *channel.Channel, t channel.PhoneTemplate) (jsontext.Value, error) {
	body := box{Type: "box", Layout: "vertical", Spacing: "md", Contents: []any{text{Type: "text", Text: t.Title, Size: "lg", Weight: "bold", Wrap: true}}}
	if t.Description != "" {
		body.Contents = append(body.Contents, text{Type: "text", Text: t.Description, Size: "sm", Color: grey, Wrap: true})
	}
	if it := in.Body.EmphasizedItem; it != nil {
		name, _ := item(ch, it.ItemKey)
		body.Contents = append(body.Contents, box{Type: "box", Layout: "vertical", Margin: "lg", Contents: []any{
			text{Type: "text", Text: name, Size: "sm", Color: grey, Wrap: true},
			text{Type: "text", Text: it.Content, Size: "xl", Weight: "bold", Wrap: true}}})
	}
	for _, it := range in.Body.Items {
		name, _ := item(ch, it.ItemKey)
		left, right := 2, 3
		body.Contents = append(body.Contents, box{Type: "box", Layout: "horizontal", Spacing: "md", Contents: []any{
			text{Type: "text", Text: name, Size: "sm", Color: grey, Wrap: true, Flex: &left},
			text{Type: "text", Text: it.Content, Size: "sm", Wrap: true, Flex: &right}}})
	}
	m := flexMessage{Type: "flex", AltText: t.Title, Contents: bubble{Type: "bubble", Body: body}}
	if len(in.Body.Buttons) > 0 {
		m.Contents.Footer = &box{Type: "box", Layout: "vertical", Spacing: "sm"}
	}
	for _, b := range in.Body.Buttons {
		name, _ := button(ch, b.ButtonKey)
		m.Contents.Footer.Contents = append(m.Contents.Footer.Contents,
			press{Type: "button", Style: "link", Action: uriAction{Type: "uri", Label: name, URI: b.URL}})
	}
	return api.Encode(m)
}
