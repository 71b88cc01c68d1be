package chat

import (
	"bytes"
	"errors"
	"strconv"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Ops are the operations of the room. They are the platform's on its host for
// data (api-data.line.me), and are tried before all others.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "getMessageContent", Pattern: "GET /v2/bot/message/{messageId}/content", Run: api.None(r.getContent)},
		{ID: "getMessageContentPreview", Pattern: "GET /v2/bot/message/{messageId}/content/preview", Run: api.None(r.getPreview)},
		{ID: "getMessageContentTranscodingByMessageId", Pattern: "GET /v2/bot/message/{messageId}/content/transcoding", Run: api.None(r.getTranscoding)},
	}
}

var notFound = api.Errorf(api.NotFound, "not found") // lower case, on this host

// readable finds the message and its file for an account that may read it.
func (r *Room) readable(c *api.Call) (m messageRow, content Content, err error) {
	ch := channel.Caller(c)
	err = r.db.View(c, func(tx *store.Tx) error {
		if m, err = r.message(tx, c.Path("messageId")); err != nil {
			return err
		}
		if may, err := r.mayRead(tx, ch, m); err != nil {
			return err
		} else if !may || m.senderNo < 0 {
			return store.ErrNotFound
		}
		if m.unsentAt != 0 {
			return api.Errorf(api.Gone, "The content is gone")
		}
		content, err = r.content(tx, m.id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = notFound
	}
	return m, content, err
}

// getContent answers the file; 202 while it is being prepared, 404 for what has
// none, 410 after it was unsent.
// https://developers.line.biz/en/reference/messaging-api/#get-content
func (r *Room) getContent(c *api.Call) (any, error) {
	_, content, err := r.readable(c)
	if err != nil {
		return nil, err
	}
	if content.ReadyAt > c.Now.UnixMilli() {
		return api.Status{Code: 202, Body: api.Empty{}}, nil
	}
	return api.Binary{Type: content.Mime, Length: content.Length, Body: r.Reader(c, content.MessageID)}, nil
}

// getPreview answers a smaller picture, of images and videos only.
// https://developers.line.biz/en/reference/messaging-api/#get-image-or-video-preview
func (r *Room) getPreview(c *api.Call) (any, error) {
	_, content, err := r.readable(c)
	if err != nil {
		return nil, err
	}
	if content.Preview == nil {
		return nil, api.Errorf(api.Invalid, "The content can not be previewed")
	}
	return api.Binary{Type: content.PreviewMime, Length: int64(len(content.Preview)), Body: bytes.NewReader(content.Preview)}, nil
}

// getTranscoding says whether a video or audio file is ready.
// https://developers.line.biz/en/reference/messaging-api/#verify-video-or-audio-preparation-status
func (r *Room) getTranscoding(c *api.Call) (any, error) {
	m, content, err := r.readable(c)
	if err != nil {
		return nil, err
	}
	if m.kind != "video" && m.kind != "audio" {
		return nil, api.Errorf(api.Invalid, "Transcoding status doesn't support this type of content")
	}
	status := "succeeded"
	if content.ReadyAt > c.Now.UnixMilli() {
		status = "processing"
	}
	return map[string]string{"status": status}, nil
}

type messageRow struct {
	id, accountNo, chatNo, senderNo, sentAt, unsentAt, editedAt, silent int64
	kind, body                                                          string
}

func (r *Room) message(tx *store.Tx, id string) (messageRow, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != id {
		return messageRow{}, store.ErrNotFound
	}
	m := messageRow{id: n}
	err = tx.Row(`SELECT account_no, chat_no, sender_no, sent_at, unsent_at, edited_at, silent, type, body FROM messages WHERE id = $1`, []any{n},
		&m.accountNo, &m.chatNo, &m.senderNo, &m.sentAt, &m.unsentAt, &m.editedAt, &m.silent, &m.kind, &m.body)
	return m, err
}

func (r *Room) mayRead(tx *store.Tx, ch *channel.Channel, m messageRow) (bool, error) {
	if m.accountNo != 0 {
		return m.accountNo == ch.No, nil
	}
	var n int64
	err := tx.Row(`SELECT COUNT(*) FROM message_accounts WHERE account_no = $1 AND sent_at = $2 AND message_id = $3`, []any{ch.No, m.sentAt, m.id}, &n)
	return n > 0, err
}
