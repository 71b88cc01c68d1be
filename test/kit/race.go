//go:build race

package kit

// Race says that the tests, and the program that they build, have the race
// detector in them: it takes several times the memory and time.
const Race = true
