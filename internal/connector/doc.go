// Package connector runs LINE actions for automation platforms, scripts and
// agents: one table says of each action its name, request, inputs and outputs,
// and everything else (command line, HTTP, MCP, manifest) reads that table.
//
// It is a client: it works against any Messaging API URL, this program's server
// or the platform itself, and knows nothing of what happens behind that URL.
//
// The actions are run by one generic request maker and not through the official
// Go SDK. A caller is promised the answer as it came (status, every header, the
// body with members that no SDK knows yet), also of refusals, and may send what
// the platform added yesterday; the SDK decodes answers into its own structures,
// hides those of refusals in error texts, and would need a hand-written adapter
// for each of about a hundred actions. The tests hold the table against the
// official descriptions instead.
//
// Secrets go to the configured hosts only: redirects are answers, not followed,
// and whatever is told or printed is searched for secrets and tokens first.
//
// https://developers.line.biz/en/reference/messaging-api/
package connector
