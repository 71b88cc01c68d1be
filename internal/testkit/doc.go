// Package testkit gives tests their stores: a fresh one of each engine, opened
// with the product's own tables.
//
// It owns where the stores of tests come from and how they go away again. It
// builds no world, no channel and no server: rooms make what they need with
// their own constructors. Only tests import it.
package testkit
