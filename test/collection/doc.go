// Package collection runs the requests that people keep of the platform's APIs
// (a Postman collection beside the checkout) against the built program, by
// newman and unchanged but for the host names: each gets what the platform
// would answer, refusals too, and has the shape of the answer recorded in it.
package collection
