package app

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// decode reads the text of a world file into w. What YAML would change or leave
// out without a word is kept as it stands, or refused with its line.
func (w *World) decode(text []byte) error {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // some editors begin a file with it
	if !utf8.Valid(text) {
		return fmt.Errorf("line %d: the text is not UTF-8", 1+bytes.Count(text[:wellFormed(text)], []byte("\n")))
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return err
	}
	var body ast.Node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case body != nil:
			return fmt.Errorf("line %d: a second document begins; a world file has one", doc.Body.GetToken().Position.Line)
		default:
			body = doc.Body
		}
	}
	if body == nil {
		return nil // an empty file is an empty world
	}
	var check scalars
	ast.Walk(&check, body)
	if check.err != nil {
		return check.err
	}
	return yaml.NewDecoder(strings.NewReader(""), yaml.Strict()).DecodeFromNode(body, w)
}

// wellFormed is how many bytes of a text come before the first that is not UTF-8.
func wellFormed(text []byte) int {
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}

// asWritten is a number in its own spelling. A key that wants a text takes it so
// (+818000001234 keeps its plus sign, 007 its zeros), one that wants a number
// with decimals reads it, and one that wants a whole number refuses it.
type asWritten string

// scalars visits the values of a file.
type scalars struct{ err error }

// Visit is called for each node.
func (s *scalars) Visit(node ast.Node) ast.Visitor {
	switch n := node.(type) {
	case *ast.MappingValueNode:
		n.Value = number(n.Value)
	case *ast.SequenceNode:
		for i := range n.Values {
			n.Values[i] = number(n.Values[i])
		}
	case *ast.StringNode:
		if s.err == nil && strings.Contains(n.Value, "\x00") {
			s.err = fmt.Errorf("line %d: %q has a NUL, which no text may hold", n.Token.Position.Line, n.Value)
		}
	}
	return s
}

// number is a node that keeps the spelling of a number which another spelling
// stands for as well; all other nodes stay what they are.
func number(node ast.Node) ast.Node {
	switch n := node.(type) {
	case *ast.IntegerNode:
		if fmt.Sprint(n.Value) != strings.ReplaceAll(n.Token.Value, "_", "") {
			n.Value = asWritten(n.Token.Value)
		}
	case *ast.FloatNode:
		return &ast.IntegerNode{BaseNode: n.BaseNode, Token: n.Token, Value: asWritten(n.Token.Value)}
	}
	return node
}
