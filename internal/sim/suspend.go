package sim

import (
	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// suspend has an official account suspended, or returned: what its operator or
// the platform does. The modules attached to it are told.
func (r *Room) suspend(suspend bool) func(*api.Call) (any, error) {
	return func(c *api.Call) (any, error) {
		ch, err := r.channel(c.Path("channelId"))
		if err != nil {
			return nil, err
		}
		var ids []string
		err = r.DB.Update(c, func(tx *store.Tx) (err error) {
			ids, err = r.Modules.Suspend(tx, ch, suspend)
			return err
		})
		return events(ids), err
	}
}
