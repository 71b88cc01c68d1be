package sim

import (
	"regexp"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
)

// link is what LINE makes a link of in a text.
var link = regexp.MustCompile(`https?://[!-~]+`)

// linkIn is the tap on a URL in a text: no action object stands in the message
// for it, so it is given as the uri action that it amounts to.
func linkIn(message, given jsontext.Value) (jsontext.Value, error) {
	var m struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	var a action
	if json.Unmarshal(message, &m) == nil && json.Unmarshal(given, &a) == nil && a.Type == "uri" &&
		(m.Type == "text" || m.Type == "textV2") && slices.Contains(link.FindAllString(m.Text, -1), a.URI) {
		return given, nil
	}
	return nil, api.Errorf(api.Invalid, "action: no such action stands in the message")
}
