package liff

import (
	"strings"

	"kaiwa/internal/kernel/api"
)

// languages is the SDK's list of translations: there are none, so that it keeps
// its own words.
func (r *Room) languages(*api.Call) (any, error) {
	return struct {
		Languages api.Object `json:"languages"`
	}{}, nil
}

// words are the translations of a language: none.
func (r *Room) words(*api.Call) (any, error) { return api.Object{}, nil }

// extensions is the script that the SDK loads at first for functions of old app
// versions; nothing of it is needed here.
func (r *Room) extensions(c *api.Call) (any, error) {
	if !strings.HasSuffix(c.Path("script"), ".js") {
		return nil, errUnknown
	}
	const text = "// Functions of old versions of the LINE app: none here.\n"
	return api.Binary{Type: "text/javascript", Length: int64(len(text)), Body: strings.NewReader(text)}, nil
}
