package live

import (
	"strings"

	g "maragu.dev/gomponents"
)

// Patch is one edit of a page.
type Patch struct {
	// Topic is filled in by the stream.
	Topic  string `json:"topic"`
	Op     string `json:"op"`
	Target string `json:"target"`
	HTML   string `json:"html"`
}

// Append adds elements at the end of the target. One whose id is on the page
// already takes that one's place instead, so that a patch may come twice.
func Append(target string, content g.Node) Patch { return drawn("append", target, content) }

// Replace puts content in the place of the target.
func Replace(target string, content g.Node) Patch { return drawn("replace", target, content) }

func drawn(op, target string, content g.Node) Patch {
	var html strings.Builder
	// A strings.Builder does not fail, and neither do our nodes.
	_ = content.Render(&html)
	return Patch{Op: op, Target: target, HTML: html.String()}
}
