package archive

import (
	"context"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/workspace/account"
)

// A stream reads thousands of messages in one transaction where they are short,
// and so many fewer where they are long (a Flex message may have 50 KB) that a
// batch stays at about batchBytes.
const (
	streamLeast = 50
	streamMost  = 5000
	batchBytes  = 4 << 20
)

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
	size := streamLeast
	for more := true; more; {
		var b *batch
		select {
		case b = <-free:
		case <-ctx.Done():
			return
		}
		b.err = a.db.View(ctx, func(tx *store.Tx) error {
			w, err := a.chats.History(tx, s, after, size, b.entries)
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
		size = nextSize(size, b.entries)
	}
}

// nextSize is the size of the window after one of that size. It grows step by
// step, for the messages to come may be longer than those that were seen.
func nextSize(size int, entries []chat.Entry) int {
	bytes := 1
	for i := range entries {
		bytes += len(entries[i].Body)
	}
	fit := int(int64(size) * batchBytes / int64(bytes))
	return min(max(min(fit, 4*size), streamLeast), streamMost)
}
