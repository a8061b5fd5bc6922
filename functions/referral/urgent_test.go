package referral_test

import "testing"

// TestTheContactOfAnUrgentCaseWaitsBehindNobody: what an officer decides about an urgent case goes by the queue for such.
func TestTheContactOfAnUrgentCaseWaitsBehindNobody(t *testing.T) {
	for urgency, want := range map[string]int{"no_shelter": 1, "child_alone": 1, "urgent": 1, "soon": 0, "": 0} {
		w := newWorldOf(t, urgency)
		w.want(w.do("action=accept"), 303)
		if first, others := len(w.first.all()), len(w.queue.all()); first != want || first+others != 1 {
			t.Errorf("%q: %d by the urgent queue, %d by the other", urgency, first, others)
		}
	}
}
