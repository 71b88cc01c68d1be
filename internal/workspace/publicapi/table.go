package publicapi

import (
	"bytes"

	"kaiwa/internal/kernel/api"
)

// operation is a row of the table that both the server and the document are
// made of.
type operation struct {
	id, path, summary, text string
	parameters              []parameter
	// open operations need no key and are not in the document, which is one.
	open bool
	// results are the bodies of a 200, by media type.
	results map[string]schema
	// refusals are the statuses that it answers besides 401 and 429.
	refusals []int
	run      func(*api.Call) (any, error)
}

func (a *API) table() []operation {
	return []operation{
		{id: "listAccounts", path: "/accounts", summary: "List the accounts",
			text:    "The official accounts that are connected to the workspace of the key, in the order they were connected.",
			results: asJSON(accountList), run: a.listAccounts},
		{id: "listChats", path: "/accounts/{accountId}/chats", summary: "List the chats of an account",
			text:       "The chats that hold messages of their own, last spoken first. Sends to many do not count.",
			parameters: []parameter{accountID, pageLimit, cursor}, refusals: []int{400, 404},
			results: asJSON(chatList), run: a.listChats},
		{id: "listMessages", path: "/accounts/{accountId}/messages", summary: "Read the history of an account",
			text: "What was said to the account and by it in a period. With Accept: application/x-ndjson the whole period " +
				"comes as a stream, one message a line; a connection that ends early was interrupted.",
			parameters: []parameter{accountID, from, to, chatID, direction, kind, order, pageLimit, cursor}, refusals: []int{400, 404},
			results: map[string]schema{jsonType: ref("MessagePage"), ndjsonType: ref("Message")}, run: a.listMessages},
		{id: "getMessage", path: "/accounts/{accountId}/messages/{messageId}", summary: "Read one message",
			text:       "One message of the account's history.",
			parameters: []parameter{accountID, messageID}, refusals: []int{404},
			results: asJSON(ref("Message")), run: a.getMessage},
		{id: "getMessageContent", path: "/accounts/{accountId}/messages/{messageId}/content", summary: "Read the file of a message",
			text:       "The bytes of what a person sent: an image, a video, a voice message or a file.",
			parameters: []parameter{accountID, messageID}, refusals: []int{404, 410},
			results: map[string]schema{"*/*": {}}, run: a.getContent},
		{id: "getOpenAPI", path: "/openapi.json", summary: "This document", open: true,
			text:    "The OpenAPI description of this API.",
			results: asJSON(schema{"type": "object"}), run: a.getDocument},
	}
}

func asJSON(s schema) map[string]schema { return map[string]schema{jsonType: s} }

func (a *API) getDocument(*api.Call) (any, error) {
	return api.Binary{Type: jsonType, Length: int64(len(a.document)), Body: bytes.NewReader(a.document)}, nil
}
