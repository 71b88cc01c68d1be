package mission

import "kaiwa/internal/kernel/api"

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{{ID: "missionStickerV3", Pattern: "POST /shop/v3/mission", Run: api.JSON(r.give)}}
}
