package object

import (
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

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
