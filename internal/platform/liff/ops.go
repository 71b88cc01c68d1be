package liff

import "kaiwa/internal/kernel/api"

// Ops are the server API, with a channel access token of the app's channel.
// https://developers.line.biz/en/reference/liff-server/
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "addLIFFApp", Pattern: "POST /liff/v1/apps", Run: api.JSON(r.add)},
		{ID: "getAllLIFFApps", Pattern: "GET /liff/v1/apps", Run: api.None(r.list)},
		{ID: "updateLIFFApp", Pattern: "PUT /liff/v1/apps/{liffId}", Run: api.JSON(r.update)},
		{ID: "deleteLIFFApp", Pattern: "DELETE /liff/v1/apps/{liffId}", Run: api.None(r.delete)},
	}
}

// UserOps are what the SDK calls with a user access token.
func (r *Room) UserOps() []api.Op {
	return []api.Op{
		{ID: "liff.share", Pattern: "POST /message/v3/share", Run: api.JSON(r.share)},
		{ID: "liff.ott", Pattern: "GET /liff/v2/apps/{liffId}/ott", Run: api.None(r.ott)},
		{ID: "liff.featureToken", Pattern: "GET /liff/v2/apps/{liffId}/featureToken", Run: api.None(r.featureToken)},
		{ID: "liff.origin", Pattern: "GET /liff/v2/sub/{liffId}/origin", Run: api.None(r.origin)},
		{ID: "liff.unauthorized", Pattern: "GET /liff/v2/incrementalAgreement/unauthorizedPermissions", Run: api.None(r.unauthorized)},
		{ID: "liff.mayAsk", Pattern: "POST /liff/v2/oaadd/rateLimit", Run: api.None(r.mayAsk)},
	}
}

// OpenOps are what the SDK calls without one.
func (r *Room) OpenOps() []api.Op {
	return []api.Op{
		{ID: "liff.context", Pattern: "GET /liff/v2/apps/{liffId}/contextToken", Run: api.None(r.contextToken), Open: true},
		{ID: "liff.languages", Pattern: "GET /xlt/manifest.json", Run: api.None(r.languages), Open: true},
		{ID: "liff.words", Pattern: "GET /xlt/{language}", Run: api.None(r.words), Open: true},
		{ID: "liff.extensions", Pattern: "GET /liff/edge/2/{script}", Run: api.None(r.extensions), Open: true},
		{ID: "liff.pickResult", Pattern: "GET " + pickerPath + "/result", Run: api.None(r.result), Open: true},
		{ID: "liff.setPickResult", Pattern: "POST " + pickerPath + "/result", Run: api.Form(r.setResult), Open: true},
		{ID: "liff.bus", Pattern: "POST /liff/v2/sub/messageHandler", Run: api.Form(r.bus), Open: true},
		{ID: "liff.validate", Pattern: "POST /oauth2/v2.1/liff/friendship/validate", Run: api.Form(r.validate), Open: true},
	}
}

// PageOps are what a browser is sent to.
func (r *Room) PageOps() []api.Op {
	return []api.Op{
		{ID: "liff.picker", Pattern: "GET " + pickerPath, Run: api.None(r.picker)},
		{ID: "liff.pick", Pattern: "POST " + pickerPath + "/send", Run: api.Form(r.send)},
		{ID: "liff.answer", Pattern: "POST " + windowPath, Run: api.Form(r.answer)},
	}
}

// LinkOps are LIFF URLs: their path begins with the LIFF id, so that they need
// routes of their own.
// https://developers.line.biz/en/docs/liff/opening-liff-app/
func (r *Room) LinkOps() []api.Op {
	return []api.Op{
		{ID: "liff.link", Pattern: "GET /{liffId}", Run: api.None(r.link)},
		{ID: "liff.linkBelow", Pattern: "GET /{liffId}/{rest...}", Run: api.None(r.link)},
	}
}
