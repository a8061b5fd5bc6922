//go:build !race

package lambda

// Race tells that this program has the race detector.
const Race = false
