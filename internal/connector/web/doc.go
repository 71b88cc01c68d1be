// Package web offers the connector's actions over HTTP, for automation platforms
// that import an OpenAPI document: POST /connector/v1/actions/{name} with the
// action's input as the body gives what `kaiwa action run` prints. The caller's
// API key says which workspace's accounts it may act for; whose keys those are
// and how an account is reached is the wiring's to tell.
package web
