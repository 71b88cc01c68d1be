package message

import (
	"errors"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/audience"
	"kaiwa/internal/platform/channel"
)

// recipient is whom a narrowcast is aimed at: an audience, those who got an
// earlier narrowcast, or a combination of recipients.
// https://developers.line.biz/en/reference/messaging-api/#narrowcast-recipient
type recipient struct {
	Type            string      `json:"type"`
	AudienceGroupID *int64      `json:"audienceGroupId,omitzero"`
	RequestID       string      `json:"requestId,omitzero"`
	And             []recipient `json:"and,omitzero"`
	Or              []recipient `json:"or,omitzero"`
	Not             *recipient  `json:"not,omitzero"`
}

// conditionsMost is how many audiences and redeliveries, and how many
// attributes, one narrowcast may name. Operators do not count.
const conditionsMost = 10

// recipientsLeast is how many recipients a narrowcast must have, and an audience
// that is combined with others, so that nobody's attributes can be guessed.
const recipientsLeast = 50

// check says what is wrong with the form of the recipient; nil is right.
func (x *recipient) check() []api.Detail {
	if x == nil {
		return nil
	}
	count := 0
	list := x.wrong("recipient", &count)
	if count > conditionsMost {
		list = append(list, wrong("recipient", "Must not have more than %d audiences and redeliveries", conditionsMost)...)
	}
	return list
}

func (x *recipient) wrong(path string, count *int) []api.Detail {
	switch x.Type {
	case "audience":
		if *count++; x.AudienceGroupID == nil {
			return wrong(path+".audienceGroupId", "May not be empty")
		}
		return nil
	case "redelivery":
		*count++
		return missing(path+".requestId", x.RequestID)
	case "operator":
		return combined(path, x.And, x.Or, x.Not, func(x *recipient, path string) []api.Detail { return x.wrong(path, count) })
	case "":
		return missing(path+".type", "")
	}
	return wrong(path+".type", "Must be one of the following values: [audience, operator, redelivery]")
}

// combined says what is wrong with an operator: it has exactly one of its three
// properties, and no empty list.
func combined[T any](path string, and, or []T, not *T, wrongIn func(x *T, path string) []api.Detail) []api.Detail {
	given := 0
	for _, is := range []bool{and != nil, or != nil, not != nil} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return wrong(path, "Must have exactly one of and, or, not")
	case not != nil:
		return wrongIn(not, path+".not")
	}
	of, name := and, ".and"
	if or != nil {
		of, name = or, ".or"
	}
	if len(of) == 0 {
		return wrong(path+name, "May not be empty")
	}
	var list []api.Detail
	for i := range of {
		list = append(list, wrongIn(&of[i], fmt.Sprintf("%s%s[%d]", path, name, i))...)
	}
	return list
}

// combine is the set that an operator makes, out of all friends.
func combine[T any](friends *roaring.Bitmap, and, or []T, not *T, set func(x *T) (*roaring.Bitmap, error)) (*roaring.Bitmap, error) {
	if not != nil {
		one, err := set(not)
		if err != nil {
			return nil, err
		}
		return roaring.AndNot(friends, one), nil
	}
	var sets []*roaring.Bitmap
	for _, list := range [][]T{and, or} {
		for i := range list {
			one, err := set(&list[i])
			if err != nil {
				return nil, err
			}
			sets = append(sets, one)
		}
	}
	if and != nil {
		return roaring.FastAnd(sets...), nil
	}
	return roaring.FastOr(sets...), nil
}

// known refuses audiences that cannot be sent to and request ids that are not of
// a narrowcast that may be sent again.
func (r *Room) known(tx *store.Tx, ch *channel.Channel, x *recipient) error {
	if x == nil {
		return nil
	}
	switch x.Type {
	case "audience":
		_, err := r.audiences.Recipients(tx, ch, *x.AudienceGroupID)
		if errors.Is(err, store.ErrNotFound) {
			return api.Errorf(api.Invalid, "Invalid audience group id: %d", *x.AudienceGroupID)
		}
		return err
	case "redelivery":
		n, err := findNarrowcast(tx, ch, x.RequestID)
		if errors.Is(err, store.ErrNotFound) || err == nil && n.phase != succeeded {
			return api.Errorf(api.Invalid, "Invalid request id: %s", x.RequestID)
		}
		return err
	}
	for _, list := range [][]recipient{x.And, x.Or} {
		for i := range list {
			if err := r.known(tx, ch, &list[i]); err != nil {
				return err
			}
		}
	}
	return r.known(tx, ch, x.Not)
}

// selection is how the recipients of one narrowcast are found.
type selection struct {
	room    *Room
	tx      *store.Tx
	channel *channel.Channel
	friends *roaring.Bitmap
	// audiences counts the audiences named; small says that one of them that may
	// not has too few recipients; private that a least number is asked of all.
	audiences      int
	small, private bool
}

// selected are the friends whom an order is aimed at, or the code of the error
// that it fails with.
// https://developers.line.biz/en/reference/messaging-api/#send-narrowcast-message-restrictions
func (r *Room) selected(tx *store.Tx, ch *channel.Channel, o order) (set *roaring.Bitmap, code int, err error) {
	s := &selection{room: r, tx: tx, channel: ch}
	if s.friends, err = r.friends.Friends(tx, ch); err != nil {
		return nil, 0, err
	}
	set = s.friends
	if o.Recipient != nil {
		if set, err = s.recipients(o.Recipient); err != nil {
			return nil, 0, err
		}
	}
	if o.Filter != nil {
		s.private = true
		a, err := r.friends.Attributes(tx, ch)
		if err != nil {
			return nil, 0, err
		}
		set = roaring.AndNot(roaring.And(set, o.Filter.among(a)), minors(a))
	}
	switch {
	case s.audiences > 1 && s.small:
		return nil, codeSmallAudience, nil
	case s.private && set.GetCardinality() < recipientsLeast:
		return nil, codeTooFew, nil
	}
	return set, 0, nil
}

func (s *selection) recipients(x *recipient) (*roaring.Bitmap, error) {
	switch x.Type {
	case "audience":
		a, err := s.room.audiences.Recipients(s.tx, s.channel, *x.AudienceGroupID)
		if err != nil {
			return nil, err
		}
		return s.audience(a)
	case "redelivery":
		s.private = true
		n, err := findNarrowcast(s.tx, s.channel, x.RequestID)
		if err != nil || n.firstMessageID == 0 {
			return roaring.New(), err
		}
		set, err := s.room.chats.Recipients(s.tx, n.firstMessageID)
		if err != nil {
			return nil, err
		}
		return roaring.And(set, s.friends), nil
	}
	return combine(s.friends, x.And, x.Or, x.Not, s.recipients)
}

func (s *selection) audience(a audience.Recipients) (*roaring.Bitmap, error) {
	set, err := s.room.friends.FriendNumbers(s.tx, s.channel, a.People)
	if err != nil {
		return nil, err
	}
	s.audiences++
	if !a.Uploaded {
		s.private = true
		s.small = s.small || set.GetCardinality() < recipientsLeast
	}
	return set, nil
}
