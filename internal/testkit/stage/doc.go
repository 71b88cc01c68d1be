// Package stage runs the whole program inside of a test: a server on a free
// port, a world of the test's own, a bot that receives its webhooks, and a
// second look into its store. What a call did is told as a difference: which
// tables gained or lost rows, which counters moved, which changes were published.
//
// It owns how scenario tables are played and compared. It knows no rule of the
// platform. Only external test packages import it, for it imports the wiring.
package stage
