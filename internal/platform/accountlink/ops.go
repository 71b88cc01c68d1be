package accountlink

import "kaiwa/internal/kernel/api"

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{}
}
