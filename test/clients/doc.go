// Package clients runs the platform's official clients, unmodified, against the
// built program over HTTP: the Go SDK in this package, the Node SDK in node/.
// Real bots receive what people say through the simulation API, and answer.
//
// It owns what those clients must see: results, errors, events, signatures.
// Every answer that they get is also held against the official descriptions
// (package drift). It does not own the rules beneath, which have tests beside
// their code.
//
// https://developers.line.biz/en/docs/messaging-api/line-bot-sdk/
package clients
