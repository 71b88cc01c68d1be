package api

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// depthMost is how deep a body may nest; nothing of the platform nests deeper
// than Flex boxes, which stay well below.
const depthMost = 64

var errDepth = errors.New("nested too deep")

// Decode reads a JSON text strictly: duplicate names, invalid UTF-8, more than
// 64 levels and trailing data are refused. null counts as absent. The error is a *BadJSON.
func Decode(text []byte, into any) error {
	if at := tooDeep(text); at >= 0 {
		line, col := position(text, int64(at))
		return &BadJSON{Line: line, Column: col, Cause: errDepth}
	}
	err := json.Unmarshal(text, into)
	if err == nil {
		return nil
	}
	bad := &BadJSON{Cause: err}
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		bad.Property = element(syntax.JSONPointer)
		if errors.Is(err, jsontext.ErrDuplicateName) {
			bad.Duplicate = syntax.JSONPointer.LastToken()
			syntax.ByteOffset += quotedLength(text[syntax.ByteOffset:])
		}
		bad.Line, bad.Column = position(text, syntax.ByteOffset)
	case errors.As(err, &semantic):
		bad.Property = PropertyPath(string(semantic.JSONPointer))
		bad.Line, bad.Column = position(text, semantic.ByteOffset)
	}
	return bad
}

// tooDeep finds the offset at which the text passes the depth limit, or -1.
func tooDeep(text []byte) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		if quoted {
			switch c {
			case '\\':
				i++
			case '"':
				quoted = false
			}
			continue
		}
		switch c {
		case '"':
			quoted = true
		case '{', '[':
			if depth++; depth > depthMost {
				return i
			}
		case '}', ']':
			depth--
		}
	}
	return -1
}

// element is the path of the first array element on the way to a pointer: the
// platform's parser reads messages one by one and tells in which it fell.
func element(to jsontext.Pointer) string {
	var way jsontext.Pointer
	for token := range to.Tokens() {
		way = way.AppendToken(token)
		if _, err := strconv.Atoi(token); err == nil {
			return PropertyPath(string(way))
		}
	}
	return ""
}

// quotedLength is the length of the JSON string that the text begins with: the
// platform's parser notices a second name when it has read it.
func quotedLength(text []byte) int64 {
	i := 1
	for i < len(text) && text[i] != '"' {
		if text[i] == '\\' {
			i++
		}
		i++
	}
	return int64(i + 1)
}

func position(text []byte, offset int64) (line, column int) {
	before := text[:min(int64(len(text)), max(0, offset))]
	line = bytes.Count(before, []byte("\n")) + 1
	return line, len(before) - (bytes.LastIndexByte(before, '\n') + 1) + 1
}

// PropertyPath turns a JSON pointer (/messages/0/text) into the way properties
// are named in errors (messages[0].text).
func PropertyPath(pointer string) string {
	var b strings.Builder
	for _, p := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		p = strings.NewReplacer("~1", "/", "~0", "~").Replace(p)
		if _, err := strconv.Atoi(p); err == nil {
			b.WriteString("[" + p + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(p)
	}
	return b.String()
}

// Encode writes a value as compact JSON with raw UTF-8 and no trailing newline.
func Encode(v any) ([]byte, error) { return json.Marshal(v) }
