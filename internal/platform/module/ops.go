package module

import "kaiwa/internal/kernel/api"

// Ops are the operations of the room that the Messaging API has.
// https://developers.line.biz/en/reference/partner-docs/#module
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: getModules, Pattern: "GET /v2/bot/list", Run: api.None(r.bots)},
		{ID: detachModule, Pattern: "POST /v2/bot/channel/detach", Run: api.JSON(r.detach)},
		{ID: acquireChatControl, Pattern: "POST /v2/bot/chat/{chatId}/control/acquire", Run: optional(r.acquire)},
		{ID: releaseChatControl, Pattern: "POST /v2/bot/chat/{chatId}/control/release", Run: api.None(r.release)},
	}
}

// PageOps are the page on which an account's admin lets a module be attached.
// https://developers.line.biz/en/docs/partner-docs/module-technical-attach-channel/
func (r *Room) PageOps() []api.Op {
	return []api.Op{
		{ID: "authorizeModule", Pattern: "GET /module/auth/v1/authorize", Run: api.None(r.askAdmin)},
		{ID: "decideOnModule", Pattern: "POST /module/auth/v1/authorize", Run: api.Form(r.adminDecides)},
	}
}

// AttachOps is the exchange of the code that the page gave; it carries its own proof.
func (r *Room) AttachOps() []api.Op {
	return []api.Op{{ID: "attachModule", Pattern: "POST /module/auth/v1/token", Run: api.Form(r.attach), Open: true}}
}

const (
	getModules         = "getModules"
	detachModule       = "detachModule"
	acquireChatControl = "acquireChatControl"
	releaseChatControl = "releaseChatControl"
)

// optional is api.JSON for a body that may be left out.
func optional[T any](run func(*api.Call, T) (any, error)) api.Adapter {
	read := api.JSON(run)
	return func(c *api.Call, body []byte) (any, error) {
		if len(body) == 0 {
			var none T
			return run(c, none)
		}
		return read(c, body)
	}
}
