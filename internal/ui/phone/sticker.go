package phone

import (
	"fmt"
	"net/http"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/ui/page"
)

// sticker is one of the tray: ids that bots know from the platform's list of
// sendable stickers, drawn by ourselves. The ids are real so that what a bot
// gets looks like what it will get; the pictures are our own character.
// https://developers.line.biz/en/docs/messaging-api/sticker-list/
type sticker struct {
	packageID, id string
	name          page.Phrase
	body          string // colour of the character
	eyes, mouth   string // SVG path data on a grid of 100
	more          string // what is drawn on top, SVG
}

// The parts the faces are made of.
const (
	eyesOpen   = "M34 44v8M66 44v8"
	eyesClosed = "M28 48q6-7 12 0M60 48q6-7 12 0"
	eyesAsleep = "M28 47q6 6 12 0M60 47q6 6 12 0"
	eyesTight  = "M29 43l9 5-9 5M71 43l-9 5 9 5"
	smile      = "M38 62q12 11 24 0"
	laugh      = "M36 60h28q-4 15-14 15t-14-15z"
	frown      = "M39 68q11-9 22 0"
	round      = "M50 60a6 7 0 1 0 .1 0z"
	line       = "M41 65h18"
)

var stickers = []sticker{
	{"11537", "52002734", page.Say("Hello", "こんにちは"), "#7c83d6", eyesOpen, smile, `<path d="M86 30q8-6 8-14M92 40q10-4 13-12" stroke="#474cb0"/>`},
	{"11537", "52002735", page.Say("Happy", "うれしい"), "#e7a14e", eyesClosed, laugh, ""},
	{"11537", "52002736", page.Say("Love", "大好き"), "#e28aa4", eyesClosed, smile, `<path d="M88 18c-6-8-16 2-8 11l8 8 8-8c8-9-2-19-8-11z" fill="#cf3f66" stroke="none"/>`},
	{"11537", "52002737", page.Say("Thanks", "ありがとう"), "#6fb39a", eyesClosed, smile, `<path d="M16 22l3 7 7 3-7 3-3 7-3-7-7-3 7-3zM92 58l2 5 5 2-5 2-2 5-2-5-5-2 5-2z" fill="#d9a21b" stroke="none"/>`},
	{"11537", "52002738", page.Say("Surprised", "びっくり"), "#78a9d8", eyesOpen, round, `<path d="M84 16l8-8M90 26h11M76 10l1-9" stroke="#34516e"/>`},
	{"11537", "52002739", page.Say("Sad", "かなしい"), "#8fa3bd", eyesOpen, frown, `<path d="M30 58q-6 9 0 12 6-3 0-12z" fill="#3c78b5" stroke="none"/>`},
	{"11537", "52002740", page.Say("Angry", "おこ"), "#d9796b", eyesTight, frown, `<path d="M80 14v12h12M96 14v12H84" stroke="#8d2318"/>`},
	{"11537", "52002741", page.Say("Good night", "おやすみ"), "#8a7cc0", eyesAsleep, line, `<path d="M80 24h12l-12 13h12M94 8h9l-9 10h9" stroke="#463a7d"/>`},
}

// stickerPath is where the pictures are served, as {package}/{id}.svg.
const stickerPath = "/_/stickers/"

// stickerURL is our picture of a sticker, "" if we have none.
func stickerURL(packageID, stickerID string) string {
	if _, ok := findSticker(packageID, stickerID); !ok {
		return ""
	}
	return stickerPath + packageID + "/" + stickerID + ".svg"
}

func findSticker(packageID, stickerID string) (sticker, bool) {
	for _, s := range stickers {
		if s.packageID == packageID && s.id == stickerID {
			return s, true
		}
	}
	return sticker{}, false
}

func serveSticker(w http.ResponseWriter, r *http.Request) {
	s, ok := findSticker(r.PathValue("package"), strings.TrimSuffix(r.PathValue("file"), ".svg"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 112 108" width="160" height="160" fill="none" stroke="#26283a" stroke-width="4" stroke-linecap="round" stroke-linejoin="round">`+
		`<path d="M50 12c26 0 44 15 44 40S76 90 54 90L34 99l3-11C18 84 6 72 6 52c0-25 18-40 44-40z" fill="%s"/>`+
		`<path d="M22 60a5 4 0 1 0 .1 0zM78 60a5 4 0 1 0 .1 0z" fill="#ffffff66" stroke="none"/>`+
		`<path d="%s"/><path d="%s" fill="%s"/>%s</svg>`, s.body, s.eyes, s.mouth, mouthFill(s.mouth), s.more)
}

// mouthFill fills open mouths; a line stays a line.
func mouthFill(mouth string) string {
	if mouth == laugh || mouth == round {
		return "#7b2433"
	}
	return "none"
}

// tray is the choice of stickers: each is a submit button, so it works without script.
func tray(l page.Lang) g.Node {
	return h.Div(h.Class("tray"), g.Map(stickers, func(s sticker) g.Node {
		return h.Button(h.Name("sticker"), h.Value(s.packageID+"/"+s.id), h.Aria("label", s.name.In(l)), h.Title(s.name.In(l)),
			h.Img(h.Src(stickerURL(s.packageID, s.id)), h.Alt(""), h.Width("64"), h.Height("64"), h.Loading("lazy")))
	}))
}
