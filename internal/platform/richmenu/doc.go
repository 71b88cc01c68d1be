// Package richmenu is the room of rich menus: the menus of an account, their
// pictures, the default one, those of single people, changes of many of those
// at once, aliases, what a person is shown, and how often menus were seen and
// tapped.
//
// It does not own what a tapped area does, beyond switching menus (that is the
// simulation's), nor the rules of actions (package object's).
//
// https://developers.line.biz/en/docs/messaging-api/rich-menus-overview/
package richmenu
