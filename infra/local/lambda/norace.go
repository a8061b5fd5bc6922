//go:build !race

package lambda

// Race tells that this program has the race detector; the programs that it builds then have it too.
const Race = false
