package miniapp

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Template is a service message template of a channel, as the world file writes
// it. Its texts have the request's params at their {name}. What is left out is
// made up from the rest, so that a name and its params are enough.
// https://developers.line.biz/en/docs/line-mini-app/develop/service-messages/#service-message-template-elements
type Template struct {
	// Name is {name}_{language}: one of ja, en, zh-TW, th, id, ko; at most 30 characters.
	Name string `yaml:"name" json:"name"`
	// Params must be given by each request, OptionalParams may be.
	Params         []string `yaml:"params" json:"params,omitzero"`
	OptionalParams []string `yaml:"optionalParams" json:"optionalParams,omitzero"`
	// Layout is detailed (a list of labels and values) or simple (one text).
	Layout   string   `yaml:"layout" json:"layout"`
	Title    string   `yaml:"title" json:"title"`
	Subtitle string   `yaml:"subtitle" json:"subtitle,omitzero"`
	Details  []Detail `yaml:"details" json:"details,omitzero"`
	Buttons  []Button `yaml:"buttons" json:"buttons,omitzero"`
}

// Detail is a line of the detail section.
type Detail struct {
	Label string `yaml:"label" json:"label,omitzero"`
	Text  string `yaml:"text" json:"text"`
}

// Button opens a page: URI is a whole URL, or what follows the app's permanent
// link. One without a URI is not shown.
type Button struct {
	Label string `yaml:"label" json:"label"`
	URI   string `yaml:"uri" json:"uri"`
}

// The layouts, with the lengths of a detail's text in grapheme clusters: above
// soft it is shown with an ellipsis, above hard it cannot be sent.
// https://developers.line.biz/en/docs/line-mini-app/develop/service-messages/#maximum-number-of-characters
var layouts = map[string]struct{ soft, hard int }{"detailed": {36, 50}, "simple": {100, 150}}

// What a channel can have of templates.
const (
	templatesMost = 20
	nameMost      = 30
)

// more is the label of a button that the world file says nothing of.
var more = map[string]string{"ja": "詳細を見る", "en": "View details", "zh-TW": "查看詳情", "th": "ดูรายละเอียด", "id": "Lihat detail", "ko": "자세히 보기"}

var (
	nameForm    = regexp.MustCompile(`^([A-Za-z0-9_-]+)_(ja|en|zh-TW|th|id|ko)$`)
	paramForm   = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	placeholder = regexp.MustCompile(`\{([^{}]*)\}`)
)

// buttonParam is how params are called that are the URLs of buttons.
const buttonParam = "button_uri_"

// Complete checks the templates of a channel and fills in what they leave out.
func Complete(templates []Template) error {
	if len(templates) > templatesMost {
		return fmt.Errorf("serviceMessageTemplates: %d are more than %d", len(templates), templatesMost)
	}
	seen := map[string]bool{}
	for i := range templates {
		t := &templates[i]
		if err := t.complete(); err != nil {
			return fmt.Errorf("serviceMessageTemplates[%d].%w", i, err)
		}
		if seen[t.Name] {
			return fmt.Errorf("serviceMessageTemplates[%d].name: %s is there twice", i, t.Name)
		}
		seen[t.Name] = true
	}
	return nil
}

func (t *Template) complete() error {
	parts := nameForm.FindStringSubmatch(t.Name)
	if parts == nil || len(t.Name) > nameMost {
		return fmt.Errorf("name: %q is not {name}_{language} with a language of ja, en, zh-TW, th, id, ko, in at most %d characters", t.Name, nameMost)
	}
	if t.Layout == "" {
		t.Layout = "detailed"
	}
	if _, ok := layouts[t.Layout]; !ok {
		return fmt.Errorf("layout: %q is none of detailed, simple", t.Layout)
	}
	if err := t.checkParams(); err != nil {
		return err
	}
	if t.Title == "" {
		t.Title = strings.ReplaceAll(parts[1], "_", " ")
	}
	if t.Details == nil {
		t.details()
	}
	if t.Buttons == nil {
		t.buttons(parts[2])
	}
	if t.Layout == "simple" && len(t.Details) > 1 {
		return errors.New("details: the layout simple has one at most")
	}
	return t.checkTexts()
}

// details makes a line of each param.
func (t *Template) details() {
	for _, p := range slices.Concat(t.Params, t.OptionalParams) {
		if !strings.HasPrefix(p, buttonParam) && (t.Layout == "detailed" || len(t.Details) == 0) {
			t.Details = append(t.Details, Detail{p, "{" + p + "}"})
		}
	}
}

// buttons makes a button of each param that is the URL of one. The first button
// there always is, so that a request can give its URL.
func (t *Template) buttons(language string) {
	const first = buttonParam + "1"
	if !t.knows(first) {
		t.OptionalParams = append(t.OptionalParams, first)
	}
	for _, p := range slices.Sorted(slices.Values(slices.Concat(t.Params, t.OptionalParams))) {
		if strings.HasPrefix(p, buttonParam) {
			t.Buttons = append(t.Buttons, Button{more[language], "{" + p + "}"})
		}
	}
}

func (t *Template) knows(param string) bool {
	return slices.Contains(t.Params, param) || slices.Contains(t.OptionalParams, param)
}

func (t *Template) checkParams() error {
	seen := map[string]bool{}
	for _, list := range []struct {
		key    string
		params []string
	}{{"params", t.Params}, {"optionalParams", t.OptionalParams}} {
		for i, p := range list.params {
			if !paramForm.MatchString(p) {
				return fmt.Errorf("%s[%d]: %q is not letters, digits, _ and -", list.key, i, p)
			}
			if seen[p] {
				return fmt.Errorf("%s[%d]: %s is there twice", list.key, i, p)
			}
			seen[p] = true
		}
	}
	return nil
}

// checkTexts refuses a {name} that no request could fill.
func (t *Template) checkTexts() error {
	texts := [][2]string{{"title", t.Title}, {"subtitle", t.Subtitle}}
	for i, d := range t.Details {
		texts = append(texts, [2]string{fmt.Sprintf("details[%d].text", i), d.Text})
	}
	for i, b := range t.Buttons {
		if b.Label == "" {
			return fmt.Errorf("buttons[%d].label is missing", i)
		}
		texts = append(texts, [2]string{fmt.Sprintf("buttons[%d].uri", i), b.URI})
	}
	for _, text := range texts {
		for _, found := range placeholder.FindAllStringSubmatch(text[1], -1) {
			if !t.knows(found[1]) {
				return fmt.Errorf("%s: {%s} is none of its params", text[0], found[1])
			}
		}
	}
	return nil
}

// PutTemplates gives a channel its templates, which are complete.
func PutTemplates(tx *store.Tx, ch *channel.Channel, templates []Template) error {
	for _, t := range templates {
		text, err := json.Marshal(t)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO service_templates (channel_no, name, config) VALUES ($1, $2, $3)`, ch.No, t.Name, string(text)); err != nil {
			return err
		}
	}
	return nil
}

// Templates are those of a channel, by name.
func (r *Room) Templates(tx *store.Tx, ch *channel.Channel) (list []Template, err error) {
	err = tx.Each(`SELECT config FROM service_templates WHERE channel_no = $1 ORDER BY name`, []any{ch.No}, func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		var t Template
		err := json.Unmarshal([]byte(text), &t)
		list = append(list, t)
		return err
	})
	return list, err
}

// template is a channel's template by its name.
func template(tx *store.Tx, ch *channel.Channel, name string) (*Template, error) {
	if !nameForm.MatchString(name) {
		return nil, errTemplate
	}
	var text string
	err := tx.Row(`SELECT config FROM service_templates WHERE channel_no = $1 AND name = $2`, []any{ch.No, name}, &text)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errTemplate
	}
	if err != nil {
		return nil, err
	}
	t := new(Template)
	return t, json.Unmarshal([]byte(text), t)
}
