package audience

import (
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
)

// rate is the limit of each operation of its own.
var rate = limit.Rate{Requests: 60, Per: time.Minute}

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "createAudienceGroup", Pattern: "POST /v2/bot/audienceGroup/upload", Run: api.JSON(r.create), Limit: rate},
		{ID: "addAudienceToAudienceGroup", Pattern: "PUT /v2/bot/audienceGroup/upload", Run: api.JSON(r.add), Limit: rate},
		{ID: "createClickBasedAudienceGroup", Pattern: "POST /v2/bot/audienceGroup/click", Run: api.JSON(r.click), Limit: rate},
		{ID: "createImpBasedAudienceGroup", Pattern: "POST /v2/bot/audienceGroup/imp", Run: api.JSON(r.imp), Limit: rate},
		{ID: "updateAudienceGroupDescription", Pattern: "PUT /v2/bot/audienceGroup/{audienceGroupId}/updateDescription", Run: api.JSON(r.rename), Limit: rate},
		{ID: "deleteAudienceGroup", Pattern: "DELETE /v2/bot/audienceGroup/{audienceGroupId}", Run: api.None(r.remove), Limit: rate},
		{ID: "getAudienceData", Pattern: "GET /v2/bot/audienceGroup/{audienceGroupId}", Run: api.None(r.get), Limit: rate},
		{ID: "getAudienceGroups", Pattern: "GET /v2/bot/audienceGroup/list", Run: api.None(r.list), Limit: rate},
		{ID: "getSharedAudienceData", Pattern: "GET /v2/bot/audienceGroup/shared/{audienceGroupId}", Run: api.None(r.getShared), Limit: rate},
		{ID: "getSharedAudienceGroups", Pattern: "GET /v2/bot/audienceGroup/shared/list", Run: api.None(r.listShared), Limit: rate},
	}
}

// bodyMost lets a file of 1,500,000 user ids through, which is 51 MB.
const bodyMost = 100 << 20

// DataOps are the operations on the platform's host for data (api-data.line.me);
// they are tried before all others.
func (r *Room) DataOps() []api.Op {
	return []api.Op{
		{ID: "createAudienceForUploadingUserIds", Pattern: "POST /v2/bot/audienceGroup/upload/byFile", Run: api.Raw(r.createByFile), Limit: rate, BodyMost: bodyMost},
		{ID: "addUserIdsToAudience", Pattern: "PUT /v2/bot/audienceGroup/upload/byFile", Run: api.Raw(r.addByFile), Limit: rate, BodyMost: bodyMost},
	}
}
