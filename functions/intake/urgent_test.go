package intake_test

import (
	"strings"
	"testing"

	"github.com/miict/immerse/shared/codes"
)

// TestTheUrgentHaveAQueueOfTheirOwn: each urgency goes one way only, and the message says no more than any other.
func TestTheUrgentHaveAQueueOfTheirOwn(t *testing.T) {
	for _, urgency := range append([]string{""}, codes.Urgencies...) {
		w := newWorld(t)
		body := least
		if urgency != "" {
			body = strings.Replace(least, `"needs"`, `"urgency":"`+urgency+`","needs"`, 1)
		}
		if answer := w.post(asJSON, body); answer.StatusCode != 201 {
			t.Fatalf("%q: %d %s", urgency, answer.StatusCode, answer.Body)
		}
		first, others := w.urgent.events, w.queue.events
		if len(first)+len(others) != 1 || (len(first) == 1) != codes.Urgent(urgency) {
			t.Fatalf("%q: %d by the urgent queue, %d by the other", urgency, len(first), len(others))
		}
		if event := append(first, others...)[0]; strings.Contains(string(event.Data), urgency) && urgency != "" {
			t.Errorf("the message says how urgent it is: %s", event.Data)
		}
	}
}

// TestAnUrgentCaseWhoseQueueIsAwayIsNotTaken: who is told "received" is waited for, whichever the queue.
func TestAnUrgentCaseWhoseQueueIsAwayIsNotTaken(t *testing.T) {
	w := newWorld(t)
	w.urgent.broken = true
	urgent := strings.Replace(least, `"needs"`, `"urgency":"no_shelter","needs"`, 1)
	if answer := w.post(asJSON, urgent); answer.StatusCode != 503 || answer.Headers["Retry-After"] == "" {
		t.Errorf("%d %s", answer.StatusCode, answer.Body)
	}
	if answer := w.post(asJSON, least); answer.StatusCode != 201 {
		t.Errorf("the others can't apply either: %d %s", answer.StatusCode, answer.Body)
	}
}
