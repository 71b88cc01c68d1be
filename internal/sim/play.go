package sim

import (
	"errors"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

// play has the person play a video or an audio from its beginning to a
// percentage, which counts in the account's statistics. A video with a tracking
// id that is played to its end tells the account so.
// https://developers.line.biz/en/reference/messaging-api/#video-viewing-complete
func (r *Room) play(tx *store.Tx, p *friend.Person, in Happening) ([]string, error) {
	if in.Percent == nil || *in.Percent < 0 || *in.Percent > 100 {
		return nil, api.Errorf(api.Invalid, "percent: 0 to 100")
	}
	l, err := r.Talk.Shown(tx, p, in.MessageID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, api.Errorf(api.NotFound, "messageId: %s sees no account's message %s", p.UserID, in.MessageID)
	}
	if err != nil {
		return nil, err
	}
	var body map[string]any
	if err := json.Unmarshal(l.Body, &body); err != nil {
		return nil, err
	}
	if l.Type != "audio" && !hasVideo(body) {
		return nil, api.Errorf(api.Conflict, "messageId: %s has no video and no audio", in.MessageID)
	}
	if err := r.Interactions.Play(tx, p, l.ID, *in.Percent); err != nil || *in.Percent < 100 || body["trackingId"] == nil {
		return nil, err
	}
	return r.Talk.VideoPlayComplete(tx, p, in.MessageID)
}

// playedOut has the person play a video with a tracking id to its end.
func (r *Room) playedOut(tx *store.Tx, p *friend.Person, messageID string) ([]string, error) {
	ids, err := r.Talk.VideoPlayComplete(tx, p, messageID)
	if err != nil {
		return nil, err
	}
	l, err := r.Talk.Shown(tx, p, messageID)
	if err != nil {
		return nil, err
	}
	return ids, r.Interactions.Play(tx, p, l.ID, 100)
}

// hasVideo says whether a message is a video, an imagemap with one, or a Flex
// Message with one in its hero.
func hasVideo(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		if v["type"] == "video" || v["video"] != nil {
			return true
		}
		for _, inner := range v {
			if hasVideo(inner) {
				return true
			}
		}
	case []any:
		for _, inner := range v {
			if hasVideo(inner) {
				return true
			}
		}
	}
	return false
}
