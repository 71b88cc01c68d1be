package object

import "bytes"

// uri is what the rules look at of a URI.
type uri struct {
	scheme   []byte // empty when there is none
	readable bool   // nothing in it that a URI cannot have
	valid    bool   // the syntax of the whole
}

// parseURI splits a URI. As Java's parser, which the platform's behaviour points
// to, it takes characters beyond ASCII but no blanks, no half percent-encodings
// and none of the characters that RFC 2396 excludes.
func parseURI(s []byte) uri {
	u := uri{readable: true}
	for i, x := range s {
		switch {
		case x <= ' ' || x == 0x7F || bytes.IndexByte([]byte("\"<>\\^`{|}"), x) >= 0:
			u.readable = false
		case x == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])):
			u.readable = false
		case x == ':' && u.scheme == nil && isScheme(s[:i]):
			u.scheme = s[:i]
		}
	}
	rest := s[min(len(u.scheme)+1, len(s)):]
	u.valid = u.readable && u.scheme != nil && len(rest) > 0
	if u.is("http") || u.is("https") {
		host, found := bytes.CutPrefix(rest, []byte("//"))
		if end := bytes.IndexAny(host, "/?#"); end >= 0 {
			host = host[:end]
		}
		u.valid = u.valid && found && len(host) > 0
	}
	return u
}

func (u uri) is(scheme string) bool { return bytes.EqualFold(u.scheme, []byte(scheme)) }

func isHex(x byte) bool {
	return '0' <= x && x <= '9' || 'a' <= x|0x20 && x|0x20 <= 'f'
}

func isScheme(s []byte) bool {
	for i, x := range s {
		letter := 'a' <= x|0x20 && x|0x20 <= 'z'
		if !letter && (i == 0 || !('0' <= x && x <= '9' || x == '+' || x == '-' || x == '.')) {
			return false
		}
	}
	return len(s) > 0
}

// IsHTTPS says whether a text is a URL that devices fetch media from.
func IsHTTPS(s string) bool {
	u := parseURI([]byte(s))
	return u.valid && u.is("https")
}

// media checks a URL that devices fetch, which must be an https: one.
func (c *checker) media(name string, s []byte) {
	u := parseURI(s)
	switch {
	case u.valid && u.is("https"):
	case c.plain:
		c.add(name, mustBeHTTPS)
	default:
		c.badURI(name, s, u, u.is("https"))
	}
}

// link checks a URI that a tap opens. mailto: is not documented but taken, and a
// path that ends in .apk is refused though nothing says so.
func (c *checker) link(name string, s []byte) {
	u := parseURI(s)
	known := u.is("http") || u.is("https") || u.is("line") || u.is("tel") || u.is("mailto")
	u.valid = u.valid && !bytes.HasSuffix(s, []byte(".apk"))
	switch {
	case u.valid && known:
	case c.plain:
		c.add(name, mustBeURI)
	default:
		c.badURI(name, s, u, known)
	}
}

// badURI tells what is wrong with a URI: one without a scheme is wrong in both
// ways, one that cannot be read (behind a blank, or with a '|' in it) only in
// its scheme. Rich menus, in whose paths there are no slashes, say the same of all.
func (c *checker) badURI(name string, s []byte, u uri, known bool) {
	if !c.slash || u.readable && !u.valid || u.scheme == nil && s[0] > ' ' {
		c.add(name, invalidURI)
	}
	if c.slash && (!known || !u.readable) {
		c.add(name, invalidScheme)
	}
}
