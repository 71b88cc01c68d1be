// Package agent offers the connector's actions to programs that speak the Model
// Context Protocol: each action is a tool of the same name and inputs. It owns
// what such callers need beyond the table: dry runs, and a guard against sends
// that nobody meant. The protocol itself is the official SDK's.
//
// https://modelcontextprotocol.io/specification/2025-06-18/server/tools
package agent
