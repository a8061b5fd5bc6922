//go:build race

package lambda

// Race tells that this program has the race detector. The programs that it builds then have it too: races in them are
// found, and what is compiled serves both.
const Race = true
