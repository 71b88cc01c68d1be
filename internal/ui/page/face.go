package page

import (
	"hash/fnv"
	"strings"

	"github.com/rivo/uniseg"
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// faces are background colours on which white letters have a contrast of 4.5.
var faces = []string{"#54607a", "#8a4b3c", "#3f6b57", "#6a4c93", "#8b5a14", "#2f6b8a", "#8a3f68", "#4f6a2f"}

// Face is the avatar of a person, an account or a group: their picture over
// their first letter, which shows when there is none or it does not load. The
// name stands beside it, so it is hidden from assistive technology.
func Face(name, pictureURL, seed string) g.Node {
	sum := fnv.New32a()
	sum.Write([]byte(seed))
	return h.Span(h.Class("avatar"), h.Aria("hidden", "true"), g.Attr("style", "--face:"+faces[sum.Sum32()%uint32(len(faces))]),
		g.Text(initial(name)),
		g.If(showable(pictureURL), h.Img(h.Src(pictureURL), h.Alt(""), h.Loading("lazy"), g.Attr("referrerpolicy", "no-referrer"))))
}

// showable passes pictures of our own and of the web.
func showable(url string) bool {
	own := strings.HasPrefix(url, "/_/")
	return own || strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
}

// initial is the first letter as a reader counts letters.
func initial(name string) string {
	cluster, _, _, _ := uniseg.FirstGraphemeClusterInString(strings.TrimSpace(name), -1)
	return strings.ToUpper(cluster)
}
