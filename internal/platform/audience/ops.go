package audience

import "kaiwa/internal/kernel/api"

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{}
}

// DataOps are the operations on the platform's host for data (api-data.line.me);
// they are tried before all others.
func (r *Room) DataOps() []api.Op {
	return []api.Op{}
}
