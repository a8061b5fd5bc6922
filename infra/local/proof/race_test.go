//go:build race

package proof

// raceEnabled tells that this test is built with the race detector; the programs then are as well.
const raceEnabled = true
