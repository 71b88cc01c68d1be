// Package sim is the simulation API, /sim/v1: it plays the people, the clock
// and the faults of a server. The phone and tests are its clients.
//
// It owns the form of those calls and what the server as a whole remembers (the
// clock's offset, the faults in force). What people's acts lead to is the
// platform's: each call here ends in one method of a room.
package sim
