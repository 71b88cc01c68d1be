package flexhtml

import (
	"sort"
	"strings"
	"unicode/utf16"

	g "maragu.dev/gomponents"
)

// emoji is a LINE emoji in a text. A bot's stands for the one "$" at index; a
// person's replaces length units of the text, such as "(love)". Index and
// length count UTF-16 code units.
type emoji struct {
	Index     num  `json:"index"`
	Length    num  `json:"length"`
	ProductID word `json:"productId"`
	EmojiID   word `json:"emojiId"`
}

// mention says which parts of a person's text are mentions.
type mention struct {
	Mentionees list[object[mentionee]] `json:"mentionees"`
}

type mentionee struct {
	Index  num     `json:"index"`
	Length num     `json:"length"`
	Type   word    `json:"type"`
	UserID word    `json:"userId"`
	IsSelf boolean `json:"isSelf"`
}

// insert is one entry of a textV2 message's substitution.
type insert struct {
	Type      word              `json:"type"`
	Mentionee object[mentionee] `json:"mentionee"`
	ProductID word              `json:"productId"`
	EmojiID   word              `json:"emojiId"`
}

// text draws the bubble of a text message.
func (ctx Context) text(content g.Node) g.Node {
	return ctx.root("msg-text", g.Attr("dir", "auto"), ctx.Quoted, g.El("p", content))
}

// mark is a part of a text that is drawn as something else.
type mark struct {
	from, to int // UTF-16 code units
	draw     func(covered string) g.Node
}

// plainText draws the text of a text message with its emojis and mentions.
func (ctx Context) plainText(m message) g.Node {
	marks := make([]mark, 0, len(m.Emojis)+len(m.Mention.v.Mentionees))
	for _, e := range m.Emojis {
		e := e.v
		if !e.Index.set {
			continue
		}
		from := e.Index.whole(0, 1<<20)
		marks = append(marks, mark{from, from + e.Length.whole(1, 1<<20), func(covered string) g.Node {
			return ctx.emojiNode(e.ProductID, e.EmojiID, covered)
		}})
	}
	for _, who := range m.Mention.v.Mentionees {
		who := who.v
		if !who.Index.set {
			continue
		}
		from := who.Index.whole(0, 1<<20)
		marks = append(marks, mark{from, from + who.Length.whole(0, 1<<20), func(covered string) g.Node {
			return mentionNode(covered, bool(who.IsSelf))
		}})
	}
	return ctx.marked(string(m.Text), marks)
}

// marked draws a text with its marks. Marks that are empty, overlap an earlier
// one or reach beyond the text are left out, so the text always shows in full.
func (ctx Context) marked(text string, marks []mark) g.Node {
	if len(marks) == 0 {
		return ctx.linked(text)
	}
	sort.SliceStable(marks, func(i, j int) bool { return marks[i].from < marks[j].from })
	units := utf16.Encode([]rune(text))
	var out g.Group
	done := 0
	for _, m := range marks {
		if m.from < done || m.to <= m.from || m.to > len(units) {
			continue
		}
		out = append(out, ctx.linked(string(utf16.Decode(units[done:m.from]))), m.draw(string(utf16.Decode(units[m.from:m.to]))))
		done = m.to
	}
	return append(out, ctx.linked(string(utf16.Decode(units[done:]))))
}

// emojiNode is the placeholder of a LINE emoji, whose picture is not ours to show.
func (ctx Context) emojiNode(product, id word, covered string) g.Node {
	label := ctx.says().Emoji + " " + string(product) + "/" + string(id)
	if covered != "" && covered != "$" {
		label += " " + covered
	}
	return g.El("span", g.Attr("class", "msg-emoji"), g.Attr("role", "img"),
		g.Attr("aria-label", label), g.Attr("title", label))
}

func mentionNode(text string, self bool) g.Node {
	class := "msg-mention"
	if self {
		class += " msg-self"
	}
	return g.El("span", g.Attr("class", class), g.Text(text))
}

// piece is a part of a textV2 text: plain, or what a placeholder stands for.
type piece struct {
	text   string
	insert *insert
}

// pieces splits a textV2 text at its {key} placeholders; {{ and }} are braces.
// A placeholder without an entry and a single brace stay as they are written.
func pieces(m message) []piece {
	var out []piece
	var plain strings.Builder
	for text := string(m.Text); text != ""; {
		at := strings.IndexAny(text, "{}")
		if at < 0 {
			plain.WriteString(text)
			break
		}
		plain.WriteString(text[:at])
		text = text[at:]
		if len(text) > 1 && text[1] == text[0] {
			plain.WriteByte(text[0])
			text = text[2:]
			continue
		}
		key, rest, closed := strings.Cut(text[1:], "}")
		in, known := m.Substitution.v[key]
		if text[0] == '}' || !closed || !known {
			plain.WriteByte(text[0])
			text = text[1:]
			continue
		}
		out = append(out, piece{text: plain.String()}, piece{insert: &in.v})
		plain.Reset()
		text = rest
	}
	return append(out, piece{text: plain.String()})
}

// substituted draws the text of a textV2 message.
func (ctx Context) substituted(m message) g.Node {
	var out g.Group
	for _, p := range pieces(m) {
		switch {
		case p.insert == nil:
			out = append(out, ctx.linked(p.text))
		case p.insert.Type == "emoji":
			out = append(out, ctx.emojiNode(p.insert.ProductID, p.insert.EmojiID, ""))
		case p.insert.Type == "mention":
			out = append(out, mentionNode(ctx.mentionName(p.insert.Mentionee.v), false))
		default:
			out = append(out, g.Text("["+string(p.insert.Type)+"]"))
		}
	}
	return out
}

func (ctx Context) mentionName(who mentionee) string {
	if who.Type == "all" {
		return "@" + ctx.says().All
	}
	if ctx.MentionNames != nil {
		if name := ctx.MentionNames(string(who.UserID)); name != "" {
			return "@" + name
		}
	}
	return "@" + name(who.UserID, ctx.says().User)
}

// substitutedLine is a textV2 text in plain words, for previews.
func (ctx Context) substitutedLine(m message) string {
	var line strings.Builder
	for _, p := range pieces(m) {
		switch {
		case p.insert == nil:
			line.WriteString(p.text)
		case p.insert.Type == "mention":
			line.WriteString(ctx.mentionName(p.insert.Mentionee.v))
		default:
			line.WriteString("(" + string(p.insert.Type) + ")")
		}
	}
	return line.String()
}
