// Package e2e drives the built program with a real browser: what people see,
// through HTTP, scripts and the live stream at once.
//
// The tests are *.test.mjs, run by Node's own test runner; the Go test beside
// them builds the program and gives each file a server of its own. They are
// skipped where Chromium or the npm packages (npm ci in this folder) are missing.
package e2e
