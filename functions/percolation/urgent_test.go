package percolation_test

import "testing"

// TestWhatIsFoundForTheUrgentIsToldFirst: of all who waited for a service, the urgent ones' mails wait behind nobody's.
func TestWhatIsFoundForTheUrgentIsToldFirst(t *testing.T) {
	w := newWorld(t)
	w.apply(t, bob, 1990, "language")
	w.notify(t, bob)
	w.urgency = "no_shelter"
	w.apply(t, ada, 1990, "language")
	w.notify(t, ada)
	w.catalogue.add("v2", service("course", "language"))
	if !w.handle(t, w.changed(t, "course")) {
		t.Fatalf("failed\n%s", w.log)
	}
	if len(w.first.sent) != 1 || w.first.sent[0].event.Subject != ada {
		t.Errorf("by the urgent queue: %+v", w.first.sent)
	}
	if len(w.next.sent) != 1 || w.next.sent[0].event.Subject != bob {
		t.Errorf("by the other: %+v", w.next.sent)
	}
}
