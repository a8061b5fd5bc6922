package main

import (
	"testing"
	"time"
)

// TestASlowRunIsWaitedFor as long as it gets on, and one that stands still is not.
func TestASlowRunIsWaitedFor(t *testing.T) {
	var quiet stall
	now := time.Unix(0, 0)
	for _, seen := range []string{"3 left", "2 left", "1 left"} {
		if quiet.over(seen, now) || quiet.over(seen, now.Add(patience)) {
			t.Errorf("given up at %s", seen)
		}
		now = now.Add(patience + time.Second)
	}
	if !quiet.over("1 left", now) {
		t.Error("a run that stands still is waited for")
	}
}
