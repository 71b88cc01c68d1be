// Package page is what all pages of the user interface share: the frame around
// them, the reader's language and theme, the security headers and the words of
// refusals.
//
// It owns no screen and knows no room of the server. A screen builds its body
// and hands it to Shell.Write.
package page
