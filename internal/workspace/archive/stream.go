package archive

import (
	"context"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/workspace/account"
)

// streamWindow is how many messages a stream reads in one transaction.
const streamWindow = 5000

// batch is what one read transaction of a stream gave.
type batch struct {
	entries  []chat.Entry
	messages []Message
	err      error
}

// Stream hands all selected messages after a place to emit, in order, some
// thousand at a time; they are valid until emit returns. One goroutine reads
// ahead while emit writes, and no read transaction is open meanwhile: a slow
// client holds up nobody.
func (a *Archive) Stream(ctx context.Context, of *account.Account, s chat.Selection, after chat.Position, emit func([]Message) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.AccountNo = of.No
	free, ready := make(chan *batch, 2), make(chan *batch)
	free <- &batch{}
	free <- &batch{}
	go func() {
		defer close(ready)
		a.readAhead(ctx, a.scribe(of, s.ChatID), s, after, free, ready)
	}()
	for b := range ready {
		if b.err != nil {
			return b.err
		}
		if err := emit(b.messages); err != nil {
			cancel()
			for range ready { // until the reader has let go of the store
			}
			return err
		}
		free <- b
	}
	return ctx.Err()
}

func (a *Archive) readAhead(ctx context.Context, sc *scribe, s chat.Selection, after chat.Position, free <-chan *batch, ready chan<- *batch) {
	for more := true; more; {
		var b *batch
		select {
		case b = <-free:
		case <-ctx.Done():
			return
		}
		b.err = a.db.View(ctx, func(tx *store.Tx) error {
			w, err := a.chats.History(tx, s, after, streamWindow, b.entries)
			if err != nil {
				return err
			}
			b.entries, after, more = w.Entries, w.Next, w.More
			b.messages, err = sc.describe(tx, b.entries, b.messages)
			return err
		})
		select {
		case ready <- b:
		case <-ctx.Done():
			return
		}
		if b.err != nil {
			return
		}
	}
}
