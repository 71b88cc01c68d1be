package page

import (
	"net/http"
	"strings"
)

// Lang is a language of the user interface, as a BCP 47 tag.
type Lang string

// The languages that are complete.
const (
	English  Lang = "en"
	Japanese Lang = "ja"
)

// Langs lists the languages with their own names, in the order of the menu.
var Langs = []struct {
	Lang Lang
	Name string
}{{English, "English"}, {Japanese, "日本語"}}

// Phrase is one text in all languages. Screens keep theirs in a catalogue of
// variables, so that a phrase that does not exist, or lacks a language, fails
// the build.
type Phrase struct{ en, ja string }

// Say makes a phrase.
func Say(en, ja string) Phrase { return Phrase{en, ja} }

// In is the phrase in a language.
func (p Phrase) In(l Lang) string {
	if l == Japanese {
		return p.ja
	}
	return p.en
}

// Theme is the reader's choice of colours.
type Theme string

// The themes; System follows the device.
const (
	System Theme = "system"
	Light  Theme = "light"
	Dark   Theme = "dark"
)

// Reader is for whom a page is written.
type Reader struct {
	Lang  Lang
	Theme Theme
}

// The names of the cookies that keep a reader's choice.
const (
	langCookie  = "kaiwa_lang"
	themeCookie = "kaiwa_theme"
)

// ReaderOf tells language (?lang=, then cookie, then Accept-Language) and theme
// of a request.
func ReaderOf(r *http.Request) Reader {
	return Reader{Lang: langOf(r), Theme: themeOf(r)}
}

func langOf(r *http.Request) Lang {
	if l, ok := known(r.URL.Query().Get("lang")); ok {
		return l
	}
	if c, err := r.Cookie(langCookie); err == nil {
		if l, ok := known(c.Value); ok {
			return l
		}
	}
	return accepted(r.Header.Get("Accept-Language"))
}

// accepted is the first language of an Accept-Language header that we have.
// Browsers write them in order of preference, so the weights need no reading.
func accepted(header string) Lang {
	for part := range strings.SplitSeq(header, ",") {
		tag, _, _ := strings.Cut(part, ";")
		primary, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		if l, ok := known(strings.ToLower(primary)); ok {
			return l
		}
	}
	return English
}

func known(tag string) (Lang, bool) {
	for _, l := range Langs {
		if string(l.Lang) == tag {
			return l.Lang, true
		}
	}
	return English, false
}

func themeOf(r *http.Request) Theme {
	if c, err := r.Cookie(themeCookie); err == nil {
		switch t := Theme(c.Value); t {
		case Light, Dark:
			return t
		}
	}
	return System
}

// choose keeps what the reader picked in the menu and goes back to the page.
func choose(w http.ResponseWriter, r *http.Request) {
	if l, ok := known(r.FormValue("lang")); ok {
		keep(w, langCookie, string(l))
	}
	switch t := Theme(r.FormValue("theme")); t {
	case System, Light, Dark:
		keep(w, themeCookie, string(t))
	}
	http.Redirect(w, r, Back(r.FormValue("back")), http.StatusSeeOther)
}

func keep(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/_/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// Back is the path of the user interface to go back to after a form, the home
// page when the given one lies elsewhere.
func Back(path string) string {
	if strings.HasPrefix(path, "/_/") && !strings.ContainsAny(path, "\\\r\n") {
		return path
	}
	return "/_/"
}
