//go:build race

package badinput

// raceFactor is what the race detector adds to the memory of a program that is
// built with it, as the server is when these tests are: its shadow memory.
const raceFactor = 2
