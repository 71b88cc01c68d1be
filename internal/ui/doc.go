// Package ui is the user interface under /_/: the phone, the first steps, a
// workspace's settings and the documentation, as pages made on the server.
//
// It owns the way there and the home page; each screen has a package of its
// own. Pages call rooms and never the store. They work without JavaScript; the
// scripts add what happens by itself.
package ui
