// Package connector drives `kaiwa action`, `kaiwa mcp` and the connector over
// HTTP as automation platforms do: the built binary against a Kaiwa server, and
// against servers that answer as the platform's examples.
package connector
