// Package richmenu is the room of rich menus: objects, images, the default one,
// those of single people, batches, aliases and their statistics.
// https://developers.line.biz/en/docs/messaging-api/using-rich-menus/
package richmenu
