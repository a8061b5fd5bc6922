package matching_test

import (
	"context"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// TestTheUrgentGoOnByTheirOwnQueue: by what the profile says, whichever queue the message came by, the first time and again.
func TestTheUrgentGoOnByTheirOwnQueue(t *testing.T) {
	for urgency, urgent := range map[string]bool{"no_shelter": true, "child_alone": true, "urgent": true, "soon": false, "normal": false} {
		w := newWorld(t)
		w.submitAs(t, strings.Replace(profile, `"urgency":"soon"`, `"urgency":"`+urgency+`"`, 1))
		for delivery := 1; delivery <= 2; delivery++ {
			if failed := w.handle(t, submitted(t, at)); failed != "" {
				t.Fatalf("%s: failed\n%s", urgency, w.log)
			}
			first, others := len(w.first.sent), len(w.next.sent)
			if first+others != delivery || (first == delivery) != urgent {
				t.Errorf("%s, delivery %d: %d by the urgent queue, %d by the other", urgency, delivery, first, others)
			}
		}
	}
}

// TestErasedAfterMatchingIsNotSentOn: an erasure that stopped half-way has deleted the keys first.
func TestErasedAfterMatchingIsNotSentOn(t *testing.T) {
	w := newWorld(t)
	application := w.submit(t)
	w.handle(t, submitted(t, at))
	w.Store = keyless{w.store}
	if failed := w.handle(t, submitted(t, at)); failed != "" || len(w.next.sent) != 1 {
		t.Errorf("%s: failed %q, sent on %d times", application.Reference, failed, len(w.next.sent))
	}
}

// keyless has no keys any more.
type keyless struct{ *store.Store }

func (keyless) Keys(context.Context, string) (vault.Keys, error) {
	return vault.Keys{}, store.ErrNotFound
}
