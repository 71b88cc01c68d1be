package publicapi

import "maps"

// schema is a JSON Schema of the document.
type schema map[string]any

var (
	text    = schema{"type": "string"}
	whole   = schema{"type": "integer"}
	instant = schema{"type": "string", "format": "date-time"}
)

func oneOf(values ...string) schema { return schema{"type": "string", "enum": values} }

func ref(name string) schema { return schema{"$ref": "#/components/schemas/" + name} }

func listOf(s schema) schema { return schema{"type": "array", "items": s} }

// object takes its properties in pairs; a name that ends in ? is optional.
func object(pairs ...any) schema {
	properties, required := map[string]any{}, []string{}
	for i := 0; i < len(pairs); i += 2 {
		name := pairs[i].(string)
		if name[len(name)-1] == '?' {
			name = name[:len(name)-1]
		} else {
			required = append(required, name)
		}
		properties[name] = pairs[i+1]
	}
	return schema{"type": "object", "properties": properties, "required": required}
}

// with is the schema with one more keyword.
func (s schema) with(keyword string, value any) schema {
	s = maps.Clone(s)
	s[keyword] = value
	return s
}

func (s schema) saying(description string) schema { return s.with("description", description) }

var nextCursor = schema{"type": []string{"string", "null"}, "description": "The cursor of the next page; null at the end."}

var accountList = object("accounts", listOf(object(
	"id", text.saying("The id of the account's messaging channel."),
	"name?", text,
	"basicId?", text,
	"connectedAt", instant,
)))

var chatList = object("chats", listOf(object(
	"id", text.saying("A user, group or room id."),
	"type", oneOf("user", "group", "room"),
	"name?", text,
	"lastMessageAt", instant,
	"messageCount", whole,
)), "nextCursor", nextCursor)

// schemas are those that the document names.
var schemas = map[string]schema{
	"MessagePage": object("messages", listOf(ref("Message")), "nextCursor", nextCursor),
	"Message": object(
		"id", text,
		"accountId", text,
		"chat", object(
			"type", oneOf("user", "group", "room", "many").saying("many is a send to many people, which stands once in an account's history."),
			"id?", text.saying("A user, group or room id; a send to many has none."),
			"recipientCount?", whole.saying("How many people a send to many went to."),
		),
		"direction", oneOf("incoming", "outgoing"),
		"sender", object("type", oneOf("user", "account"), "id?", text.saying("A user id, or the account's id."), "name?", text),
		"sentAt", instant,
		"origin", oneOf("user", "reply", "push", "multicast", "narrowcast", "broadcast"),
		"requestId?", text.saying("The X-Line-Request-Id of the call that sent it."),
		"message", schema{"type": "object", "required": []string{"type"}, "properties": map[string]any{"type": text},
			"description": "The LINE message object, as it was sent. An edited text is the newest. Of an unsent message only the type is left."},
		"editedAt?", instant.saying("When its sender last changed the text."),
		"unsentAt?", instant.saying("When it was unsent."),
		"content?", object("type", text.saying("The MIME type."), "length", whole.saying("In bytes."), "url", schema{"type": "string", "format": "uri",
			"description": "Where the file is; it opens with the same key."}),
	),
	"Problem": object("type", text, "title", text, "status", whole, "detail", text.saying("What is wrong, in a sentence.")),
}
