// Package app wires a server together; it is the only package that knows
// everyone. Reading mount.go is reading the product.
package app
