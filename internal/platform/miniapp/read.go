package miniapp

import (
	"errors"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

// read is up to which message the person has read a region's chat.
func read(tx *store.Tx, p *friend.Person, region string) (upto int64, err error) {
	err = tx.Row(`SELECT message_id FROM service_reads WHERE person_no = $1 AND region = $2`, []any{p.No, region}, &upto)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return upto, err
}

// Read has a person see all of a region's chat.
func (r *Room) Read(tx *store.Tx, p *friend.Person, region string) error {
	last, err := r.Notices(tx, p, region, 1, 0)
	if err != nil || len(last) == 0 || last[0].Read {
		return err
	}
	_, err = tx.Exec(`INSERT INTO service_reads (person_no, region, message_id) VALUES ($1, $2, $3)
		ON CONFLICT (person_no, region) DO UPDATE SET message_id = excluded.message_id`, p.No, region, last[0].ID)
	if err == nil && r.Feed.Followed() {
		tx.After(func() {
			r.Feed.Publish(feed.Change{Type: "read", UserIDs: []string{p.UserID}, ChatID: NoticeID(region)})
		})
	}
	return err
}
