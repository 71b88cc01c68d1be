package sim

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"strconv"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// Saying is a message that a person sends.
type Saying struct {
	Chat    ChatRef        `json:"chat"`
	Message chat.Utterance `json:"message"`
}

// Said is what became of it.
type Said struct {
	MessageID       string   `json:"messageId"`
	WebhookEventIDs []string `json:"webhookEventIds"`
	QuoteToken      string   `json:"quoteToken,omitzero"`
}

// Say has a person send a message.
func (r *Room) Say(ctx context.Context, userID string, in Saying) (Said, error) {
	var said Said
	if err := in.Message.Prepare(); err != nil {
		return said, err
	}
	err := r.act(ctx, userID, in.Chat.id(), func(tx *store.Tx, p *friend.Person, c *chat.Chat) error {
		out, err := r.Talk.Say(tx, p, c, in.Message)
		said = Said{strconv.FormatInt(out.MessageID, 10), append([]string{}, out.EventIDs...), out.QuoteToken}
		return err
	})
	return said, err
}

// postMessage takes JSON, or multipart with a "message" part (the same JSON)
// and a "content" part (the file).
func (r *Room) postMessage(c *api.Call, body []byte) (any, error) {
	media, params, err := mime.ParseMediaType(c.Header("Content-Type"))
	var in Saying
	if err == nil && media == "multipart/form-data" {
		if in, err = readParts(multipart.NewReader(bytes.NewReader(body), params["boundary"])); err != nil {
			return nil, err
		}
		return r.Say(c, c.Path("userId"), in)
	}
	return api.JSON(func(c *api.Call, in Saying) (any, error) { return r.Say(c, c.Path("userId"), in) })(c, body)
}

func readParts(parts *multipart.Reader) (Saying, error) {
	var in Saying
	var content []byte
	var fileName string
	seen := false
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return in, api.Errorf(api.Invalid, "The multipart body could not be read")
		}
		b, err := io.ReadAll(part)
		if err != nil {
			return in, api.Errorf(api.Invalid, "The multipart body could not be read")
		}
		switch part.FormName() {
		case "message":
			if err := api.Decode(b, &in); err != nil {
				return in, err
			}
			seen = true
		case "content":
			content, fileName = b, part.FileName()
		}
	}
	if !seen || content == nil {
		return in, api.Errorf(api.Invalid, "multipart needs a part named message (JSON: chat and message) and one named content (the file)")
	}
	in.Message.Content = content
	if in.Message.FileName == "" {
		in.Message.FileName = fileName
	}
	return in, nil
}
