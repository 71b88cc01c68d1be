// Package workspace is a workspace's settings: its API keys.
//
// It owns the screens under /_/workspace/ and the one moment in which a new
// key can be seen. The keys themselves are kept, as hashes, by
// internal/workspace/key.
package workspace
