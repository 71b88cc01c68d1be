// Package flexhtml draws any LINE message object as HTML.
//
// It owns the bubble of a message and nothing around it: text with emojis,
// mentions and links, stickers, media, locations, files, coupons, imagemaps,
// templates and the whole of Flex Message. The same renderer serves the phone,
// the Flex simulator, the log, the archive and the transcript, so a message
// looks alike wherever it is met. The row with avatar, name and time, the
// script that runs actions and the rules a message must obey to be accepted
// belong to others.
//
// A message is hostile input. It is shown even when it breaks the rules (the
// log shows what was refused), so the renderer never fails: values it cannot
// use are left out, and things it does not know become a labelled placeholder.
// Text is escaped, links are limited to a few schemes, inline styles are built
// only from checked lengths, angles and colours. The page needs no script; what
// can be tapped carries its action object in the data-action attribute.
//
// Attributes for scripts:
//
//	data-action   the action object, byte for byte as it stands in the message
//	data-area     the index of the area of a rich menu whose action that is
//	data-refused  the element had an action, but its link is not allowed
//	data-shrink   the text asks for adjustMode shrink-to-fit
//	data-pointer  JSON Pointer of the component (Context.Pointers)
//	data-broken   set by a script on .fx-frame when an image does not load
//
// The stylesheet is static/flex.css. It reads these custom properties, all with
// fallbacks: --bubble-other, --bubble-text and --bubble-link for messages of
// others and for cards, --bubble-own, --bubble-own-text and --bubble-own-link for
// the reader's own texts, --fx-scale for the font size setting (1 = normal) and
// --fx-screen for the width of the screen. A message that wants the whole width of
// the chat, such as a carousel, has the class msg-wide.
//
// The formats are described at
// https://developers.line.biz/en/reference/messaging-api/#message-objects and
// https://developers.line.biz/en/docs/messaging-api/flex-message-layout/.
package flexhtml
