// Package archive reads the history of an official account in both directions:
// what people said to it and what it said, to one or to many.
//
// It owns how a history is read (pages, streams, one message, its file, the
// list of chats) and how a message is written as JSON, for the public API and
// for exports. It writes nothing down: messages stand once, where the platform
// put them (platform/chat), so that an archive cannot lag behind or lose one. It
// does not own who may read (key, account) or HTTP (publicapi).
package archive
