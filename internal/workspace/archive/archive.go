package archive

import (
	"context"
	"errors"
	"io"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/workspace/account"
)

// Archive reads histories.
type Archive struct {
	db      *store.DB
	chats   *chat.Room
	friends *friend.Room
}

// New makes an archive over the rooms that keep the messages.
func New(db *store.DB, chats *chat.Room, friends *friend.Room) *Archive {
	return &Archive{db: db, chats: chats, friends: friends}
}

// Errors of Content.
var (
	// ErrGone says that the message was unsent.
	ErrGone = errors.New("archive: the message was unsent")
	// ErrNoFile says that there is such a message, but that it has no file.
	ErrNoFile = errors.New("archive: the message has no file")
)

// Windows grow while a filter hides most of what they read: few messages for a
// page that fills at once, many for a rare type, bounded so that one read
// transaction stays short.
const (
	windowLeast = 64
	windowMost  = 20_000
)

// Page reads up to limit selected messages after a place, in order. next is
// where the page after it begins, nil when nothing follows.
func (a *Archive) Page(ctx context.Context, of *account.Account, s chat.Selection, after chat.Position, limit int) (list []Message, next *chat.Position, err error) {
	s.AccountNo = of.No
	sc := a.scribe(of, s.ChatID)
	var entries []chat.Entry
	// One more than asked for says whether a page follows.
	for size, more := limit+1, true; more && len(entries) <= limit; size = min(max(2*size, windowLeast), windowMost) {
		var w chat.Window
		err := a.db.View(ctx, func(tx *store.Tx) error {
			w, err = a.chats.History(tx, s, after, size, nil)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
		entries = append(entries, w.Entries...)
		after, more = w.Next, w.More
	}
	if len(entries) > limit {
		entries = entries[:limit]
		last := entries[limit-1]
		next = &chat.Position{SentAt: last.SentAt, ID: last.ID}
	}
	err = a.db.View(ctx, func(tx *store.Tx) error {
		list, err = sc.describe(tx, entries, nil)
		return err
	})
	return list, next, err
}

// Find is one message that the account may read; store.ErrNotFound for all others.
func (a *Archive) Find(ctx context.Context, of *account.Account, messageID string) (m Message, err error) {
	err = a.db.View(ctx, func(tx *store.Tx) error {
		e, err := a.chats.Entry(tx, of.No, messageID)
		if err != nil {
			return err
		}
		list, err := a.scribe(of, "").describe(tx, []chat.Entry{e}, nil)
		if err == nil {
			m = list[0]
		}
		return err
	})
	return m, err
}

// Content is the file of a message: what it is, and its bytes piece by piece.
// store.ErrNotFound when the account has no such message, ErrGone when it was
// unsent, ErrNoFile when it never had a file.
func (a *Archive) Content(ctx context.Context, of *account.Account, messageID string) (*chat.File, io.Reader, error) {
	m, err := a.Find(ctx, of, messageID)
	switch {
	case err != nil:
		return nil, nil, err
	case m.UnsentAt != 0:
		return nil, nil, ErrGone
	case m.File == nil:
		return nil, nil, ErrNoFile
	}
	return m.File, a.chats.Reader(ctx, m.ID), nil
}

// Chats lists the account's chats that hold messages of their own, last spoken
// first; next is nil when no more follow.
func (a *Archive) Chats(ctx context.Context, of *account.Account, after chat.Position, limit int) (list []chat.Talk, next *chat.Position, err error) {
	err = a.db.View(ctx, func(tx *store.Tx) error {
		list, err = a.chats.Talks(tx, of.No, after, limit+1)
		return err
	})
	if len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = &chat.Position{SentAt: last.LastAt, ID: last.No}
	}
	return list, next, err
}
