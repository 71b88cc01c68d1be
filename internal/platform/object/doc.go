// Package object knows LINE's message objects and action objects: what a bot may
// put into "messages", into a template, a Flex Message, a quick reply or a rich
// menu area, and with which words the platform refuses what it may not.
//
// It is pure: bytes in, problems out. It owns the shapes, limits and texts that
// can be judged from the bytes alone. It does not own what needs the database
// (does the quoted message exist, is the mentioned person a member, is the
// coupon ours), which is the business of the room that sends, and it never
// fetches a URL.
//
// The platform's pages:
// https://developers.line.biz/en/reference/messaging-api/#message-objects,
// https://developers.line.biz/en/reference/messaging-api/#action-objects and
// https://developers.line.biz/en/docs/messaging-api/text-character-count/.
//
// # Two families of refusals
//
// The envelope and the simple types are checked when the body is bound to types:
// "The request body has N error(s)", paths such as messages[0].text, all
// violations of the body together. The insides of a template or a Flex Message
// are checked by what renders them: "A message (messages[0]) in the request body
// is invalid", paths such as template/title or /body/contents/0/text, and only
// the first offending message. When a body has both, only the first family is
// reported, because nothing is handed to the renderer before the body is bound.
// A value of the wrong JSON type stops the binding itself and is reported alone.
package object
