// Package live keeps open pages up to date: one stream of Server-Sent Events
// per browser, GET /_/events?topics=chat:U1:C1,clock, on which changes of the
// server arrive as small edits of the page.
//
// It turns changes (kernel/feed) into patches with the renderers that screens
// register for their topics; what a patch says is theirs. A stream can be
// resumed where it broke; when too much was missed, or the server was started
// anew, the browser is told to load its pages again.
//
// Events, with data as JSON:
//
//	event: patch    data: [{"topic","op","target","html"}]
//	event: reload   data: {}  what was missed is unknown
//	event: beat     data: {}  every 15 seconds, for the position alone
//
// op is append or replace, target the id of an element. An id line is "RUN.N": the server's run and the number of the change.
package live
