// Package journey plays stories from their beginning to their end against the
// built program: what an account and its people do over days, on the virtual
// clock, through the platform's API and the simulation API alone.
package journey
