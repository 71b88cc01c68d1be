// Package bench measures a server from outside: it starts one in a process of
// its own (or is given the URL of one), drives it over raw connections and
// reports latencies, throughput and what the server's process took of CPU and
// memory.
//
// It owns the load generator and the figures. It knows the server by its HTTP
// interfaces only; the one exception is the history that it fills into the
// store of a server that is not running yet, because a million messages sent
// one by one would measure something else. What was measured, on which machine,
// stands in docs/performance.md.
package bench
