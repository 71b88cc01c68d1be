//go:build !race

package badinput

const raceFactor = 1
