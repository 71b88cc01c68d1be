//go:build !race

package kit

// Race says that the race detector is in the tests and the program that they build.
const Race = false
