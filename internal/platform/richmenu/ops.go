package richmenu

import (
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
)

var (
	hundredAnHour = limit.Rate{Requests: 100, Per: time.Hour}
	sixtyAnHour   = limit.Rate{Requests: 60, Per: time.Hour}
)

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "createRichMenu", Pattern: "POST /v2/bot/richmenu", Run: api.JSON(r.create), Limit: hundredAnHour},
		{ID: "validateRichMenuObject", Pattern: "POST /v2/bot/richmenu/validate", Run: api.JSON(r.validate)},
		{ID: "getRichMenu", Pattern: "GET /v2/bot/richmenu/{richMenuId}", Run: api.None(r.get)},
		{ID: "getRichMenuList", Pattern: "GET /v2/bot/richmenu/list", Run: api.None(r.list), Limit: limit.Rate{Requests: 10, Per: time.Second}},
		{ID: "deleteRichMenu", Pattern: "DELETE /v2/bot/richmenu/{richMenuId}", Run: api.None(r.delete), Limit: hundredAnHour},

		{ID: "setDefaultRichMenu", Pattern: "POST /v2/bot/user/all/richmenu/{richMenuId}", Run: api.None(r.setDefault)},
		{ID: "getDefaultRichMenuId", Pattern: "GET /v2/bot/user/all/richmenu", Run: api.None(r.getDefault)},
		{ID: "cancelDefaultRichMenu", Pattern: "DELETE /v2/bot/user/all/richmenu", Run: api.None(r.cancelDefault)},

		{ID: "linkRichMenuIdToUser", Pattern: "POST /v2/bot/user/{userId}/richmenu/{richMenuId}", Run: api.None(r.linkUser)},
		{ID: "getRichMenuIdOfUser", Pattern: "GET /v2/bot/user/{userId}/richmenu", Run: api.None(r.getUser)},
		{ID: "unlinkRichMenuIdFromUser", Pattern: "DELETE /v2/bot/user/{userId}/richmenu", Run: api.None(r.unlinkUser)},
		{ID: "linkRichMenuIdToUsers", Pattern: "POST /v2/bot/richmenu/bulk/link", Run: api.JSON(r.linkUsers)},
		{ID: "unlinkRichMenuIdFromUsers", Pattern: "POST /v2/bot/richmenu/bulk/unlink", Run: api.JSON(r.unlinkUsers)},
		// The Postman collection has this method, and its users send it.
		{ID: "unlinkRichMenuIdFromUsers", Pattern: "DELETE /v2/bot/richmenu/bulk/unlink", Run: api.JSON(r.unlinkUsers)},
		{ID: "richMenuBatch", Pattern: "POST /v2/bot/richmenu/batch", Run: api.JSON(r.batch), Limit: limit.Rate{Requests: 3, Per: time.Hour}},
		{ID: "validateRichMenuBatchRequest", Pattern: "POST /v2/bot/richmenu/validate/batch", Run: api.JSON(r.validateBatch)},
		{ID: "getRichMenuBatchProgress", Pattern: "GET /v2/bot/richmenu/progress/batch", Run: api.None(r.progress), Limit: hundredAnHour},

		{ID: "createRichMenuAlias", Pattern: "POST /v2/bot/richmenu/alias", Run: api.JSON(r.createAlias)},
		{ID: "updateRichMenuAlias", Pattern: "POST /v2/bot/richmenu/alias/{richMenuAliasId}", Run: api.JSON(r.updateAlias)},
		{ID: "getRichMenuAlias", Pattern: "GET /v2/bot/richmenu/alias/{richMenuAliasId}", Run: api.None(r.getAlias)},
		{ID: "getRichMenuAliasList", Pattern: "GET /v2/bot/richmenu/alias/list", Run: api.None(r.listAliases)},
		{ID: "deleteRichMenuAlias", Pattern: "DELETE /v2/bot/richmenu/alias/{richMenuAliasId}", Run: api.None(r.deleteAlias), Limit: hundredAnHour},
		// An alias of this name would be taken for the picture of a menu named alias.
		{ID: "updateRichMenuAlias", Pattern: "POST /v2/bot/richmenu/alias/content", Run: api.JSON(r.updateAlias)},
		{ID: "getRichMenuAlias", Pattern: "GET /v2/bot/richmenu/alias/content", Run: api.None(r.getAlias)},

		{ID: "getRichMenuInsightSummary", Pattern: "GET /v2/bot/insight/richmenu/{richMenuId}/summary", Run: api.None(r.summary), Limit: sixtyAnHour},
		{ID: "getRichMenuInsightDaily", Pattern: "GET /v2/bot/insight/richmenu/{richMenuId}/daily", Run: api.None(r.daily), Limit: sixtyAnHour},
	}
}

// DataOps are the operations on the platform's host for data (api-data.line.me);
// they are tried before all others.
func (r *Room) DataOps() []api.Op {
	return []api.Op{
		{ID: "getRichMenuImage", Pattern: "GET /v2/bot/richmenu/{richMenuId}/content", Run: api.None(r.getImage)},
		{ID: "setRichMenuImage", Pattern: "POST /v2/bot/richmenu/{richMenuId}/content", Run: api.Raw(r.setImage)},
	}
}
