package percolation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/assessment"
)

// What is added leaves what the earlier matches were made with as it was: each can be replayed, and is named by its own release.
func TestARoundKeepsWhatTheEarlierOnesWereMadeWith(t *testing.T) {
	w := newWorld(t)
	w.catalogue.add("v1", service("one", "language"))
	w.apply(t, ada, 1990, "language")
	w.notify(t, ada)
	w.catalogue.release.Rules, w.catalogue.digest = "2-0", "digest of v2"
	w.catalogue.add("v2", service("two", "language"))
	w.handle(t, w.changed(t, "two"))
	wantServices(t, w, ada, "one", "two")
	a := w.assessment(t, ada)
	want := []assessment.Made{{Round: 0, Catalogue: "v1"}, {Round: 1, Catalogue: "v2", Rules: "2-0", Snapshot: "digest of v2"}}
	if diff := cmp.Diff(want, []assessment.Made{a.MadeWith(0), a.MadeWith(1)}); diff != "" {
		t.Errorf("made with (-want +got):\n%s", diff)
	}
}
