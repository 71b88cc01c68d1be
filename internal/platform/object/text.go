package object

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Mention is one person, or everyone, that a textV2 message mentions.
type Mention struct {
	Key    string // of the substitution
	UserID string // "" when All
	All    bool
}

// Emoji is one LINE emoji of a text message (by Index, in UTF-16 code units) or
// of a textV2 message (by Key).
type Emoji struct {
	Key       string
	Index     int
	ProductID string
	EmojiID   string
}

// emojis checks that every emoji of a text message stands at a '$'.
// https://developers.line.biz/en/reference/messaging-api/#text-message
func (c *checker) emojis(n int32, out *Message) {
	if n == 0 || c.nodes[n].kind != '[' || c.size(n) > mostEmojis {
		return
	}
	depth := c.push("emojis")
	for m, i := n+1, 0; m < c.nodes[n].next; m, i = c.nodes[m].next, i+1 {
		index := int32(0)
		if c.nodes[m].kind == '{' {
			index = c.member(m, "index")
		}
		if index == 0 || c.nodes[index].kind != '0' {
			continue
		}
		e := Emoji{
			Index:     int(c.intOf(index)),
			ProductID: c.stringOf(c.member(m, "productId")),
			EmojiID:   c.stringOf(c.member(m, "emojiId")),
		}
		out.Emojis = append(out.Emojis, e)
		if e.Index >= 0 && unitAt(out.Text, e.Index) != '$' {
			back := c.pushIndex(i)
			c.add("index", mustBeDollar)
			c.path = c.path[:back]
		}
	}
	c.path = c.path[:depth]
}

// unitAt is the character at a position counted in UTF-16 code units, or 0.
func unitAt(s string, index int) rune {
	at := 0
	for _, r := range s {
		if at == index {
			return r
		}
		if at++; r > 0xFFFF {
			at++
		}
	}
	return 0
}

var mentioneeTypes = []string{"user", "all"}

var (
	userShape  = shapeOf(str("userId", 0).required())
	emojiShape = shapeOf(str("productId", 0).required(), str("emojiId", 0).required())
)

// textV2 checks a substitution map and the placeholders of the text against it.
// https://developers.line.biz/en/reference/messaging-api/#text-message-v2
func (c *checker) textV2(index int, n int32, out *Message) {
	subs := map[string]any{} // Mention or Emoji by key
	if n != 0 && c.nodes[n].kind == '{' {
		c.substitution(n, subs)
	}
	if c.content != nil {
		return
	}
	c.offender, c.plain, c.path = index, false, c.path[:0]
	keys, paired := placeholders(out.Text)
	if !paired {
		c.add("text", notPaired)
		return
	}
	for _, key := range keys {
		switch s := subs[key].(type) {
		case Mention:
			out.Mentions = append(out.Mentions, s)
		case Emoji:
			out.Emojis = append(out.Emojis, s)
		case nil:
			subs[key] = key // told once
			if isKey(key) {
				c.add("text", keyUnknown(key))
			} else {
				c.add("text", keyMismatch(key))
			}
		}
	}
	if len(out.Mentions) > mostMentions || len(out.Emojis) > mostEmojis {
		c.add("text", tooManySubstitutions)
	}
}

// substitution checks the entries of a substitution map and gathers them.
func (c *checker) substitution(n int32, subs map[string]any) {
	depth := c.push("substitution")
	for m := n + 1; m < c.nodes[n].next; m = c.nodes[m+1].next {
		key := string(c.text(m))
		if !isKey(key) {
			c.add(key, mustBeKey)
			continue
		}
		back := c.push(key)
		subs[key] = key // known, though perhaps wrong
		if c.nodes[m+1].kind != '{' {
			c.wrongType("")
		} else if kind, ok := c.typeOf(m+1, []string{"mention", "emoji"}); ok {
			subs[key] = c.substitute(m+1, kind, key)
		}
		c.path = c.path[:back]
	}
	c.path = c.path[:depth]
	if len(subs) > mostKeys {
		c.add("substitution", sizeBetween(0, mostKeys))
	}
}

// substitute checks one entry and gives the Mention or Emoji that it is.
func (c *checker) substitute(n int32, kind, key string) any {
	var at slots
	if kind == "emoji" {
		c.object(n, emojiShape, &at)
		return Emoji{Key: key, ProductID: c.stringOf(at[0]), EmojiID: c.stringOf(at[1])}
	}
	if c.opt.Kind != Reply && c.opt.Kind != Push || c.opt.Destination == ToUser {
		c.clash("")
	}
	who := c.member(n, "mentionee")
	if who == 0 || c.nodes[who].kind == 'n' {
		c.missing("mentionee")
		return key
	}
	depth := c.push("mentionee")
	defer func() { c.path = c.path[:depth] }()
	if c.nodes[who].kind != '{' {
		c.wrongType("")
		return key
	}
	kind, _ = c.typeOf(who, mentioneeTypes)
	if kind == "user" {
		c.object(who, userShape, &at)
	}
	return Mention{Key: key, UserID: c.stringOf(at[0]), All: kind == "all"}
}

// isKey reports whether a substitution may have the key.
func isKey(key string) bool {
	return key != "" && len(key) <= longestKey && strings.Trim(key, deliverySet) == ""
}

// placeholders gives the keys that a textV2 text uses, in order, and whether its
// braces pair; "{{" and "}}" stand for braces in the text.
func placeholders(text string) (keys []string, paired bool) {
	for {
		i := strings.IndexAny(text, "{}")
		if i < 0 {
			return keys, true
		}
		if i+1 < len(text) && text[i+1] == text[i] {
			text = text[i+2:]
			continue
		}
		end := strings.IndexAny(text[i+1:], "{}")
		if text[i] == '}' || end < 0 || text[i+1+end] == '{' {
			return nil, false
		}
		keys = append(keys, text[i+1:i+1+end])
		text = text[i+1+end+1:]
	}
}

// UTF16Len is the length of s in UTF-16 code units, the platform's default way
// of counting: "👍" is 2.
// https://developers.line.biz/en/docs/messaging-api/text-character-count/
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// Graphemes is the length of s in grapheme clusters, by which labels, template
// texts and the texts of actions are counted: a family emoji is 1.
func Graphemes(s string) int {
	for i := range len(s) {
		// Two plain characters never join, but for CR LF.
		if s[i] >= utf8.RuneSelf || s[i] == '\r' {
			return uniseg.GraphemeClusterCount(s)
		}
	}
	return len(s)
}
