// Package dialog draws the platform's own pages: those that a browser is sent
// to for logging in, agreeing or choosing. They are plain HTML forms and work
// without a script.
//
// It owns their frame and the parts that they share. It does not own what they
// ask or do (login, accountlink, module).
package dialog
