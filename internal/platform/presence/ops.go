package presence

import (
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
)

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "showLoadingAnimation", Pattern: "POST /v2/bot/chat/loading/start", Run: api.JSON(r.start),
			Limit: limit.Rate{Requests: 100, Per: time.Second}},
		{ID: "markMessagesAsRead", Pattern: "POST /v2/bot/message/markAsRead", Run: api.JSON(r.readPerson)},
		{ID: "markMessagesAsReadByToken", Pattern: "POST /v2/bot/chat/markAsRead", Run: api.JSON(r.readUpTo)},
	}
}
