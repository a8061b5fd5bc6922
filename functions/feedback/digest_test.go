package feedback_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/mailtag"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/store/storetest"
)

// digest is one mail about both applications, and about one that is gone.
func (s *system) digest(t *testing.T) (key string) {
	t.Helper()
	d := store.Digest{Organization: "a", Day: "2026-11-23", Part: 1, State: store.MailSending, At: storetest.At, Holder: "one", Lease: storetest.At}
	for _, reference := range []string{ref, other, "ES-9999-9999-9999"} {
		d.Told = append(d.Told, store.WaitingMail{Organization: "a", Reference: reference, Mail: "authority-a", At: storetest.At})
	}
	if err := s.store.ClaimDigest(t.Context(), "ES", store.Digest{}, d, storetest.At); err != nil {
		t.Fatal(err)
	}
	return d.Key()
}

// TestWhatBecameOfADigestIsHeardByAllItTellsOf: in any order, repeated, and cut into batches anyhow.
func TestWhatBecameOfADigestIsHeardByAllItTellsOf(t *testing.T) {
	plain := newSystem(t)
	key := plain.digest(t)
	if mailtag.Value(key) != key {
		t.Fatalf("the key %q can't be a tag", key)
	}
	all := []told{{mailtag.Digest, key, "DeliveryDelay"}, {mailtag.Digest, key, "Delivery"}, {mailtag.Digest, key, "Bounce/Permanent"}, {ref, "receipt", "Delivery"}}
	plain.handle(t, all...)
	want := plain.facts(t)
	if strings.Count(want, "authority-a [delayed delivered permanent_bounce]") != 2 || strings.Count(want, "authority-b+2 []") != 2 {
		t.Fatalf("facts:\n%s", want)
	}
	if dead, err := plain.store.DeadInboxes(t.Context(), "ES"); err != nil || len(dead) != 1 || dead[0].Organization != "a" || plain.alerts() != 1 {
		t.Errorf("dead %+v, %v, %d alerts", dead, err, plain.alerts())
	}
	// Whoever is behind the authority is asked about each.
	if want := []string{ref + " fallback a+0", other + " fallback a+0", "ES-9999-9999-9999 fallback a+0"}; !slices.Equal(plain.sent, want) {
		t.Errorf("asked %q, want %q", plain.sent, want)
	}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		if n++; n > 15 {
			return // each is a system of its own
		}
		s := newSystem(t)
		s.digest(t)
		shuffled := rapid.Permutation(append(append([]told{}, all...), all[1], all[2])).Draw(rt, "events")
		cut := rapid.IntRange(0, len(shuffled)).Draw(rt, "cut")
		for _, part := range [][]told{shuffled[:cut], shuffled[cut:]} {
			if back := s.handle(rt, part...); len(back) > 0 {
				rt.Fatalf("came back: %v", back)
			}
		}
		if got := s.facts(rt); got != want {
			rt.Errorf("facts:\n%s\nwant\n%s", got, want)
		}
	})
}

func TestADigestThatIsGone(t *testing.T) {
	s := newSystem(t)
	key := s.digest(t)
	if back := s.handle(t, told{mailtag.Digest, "0123-2026-01-01-01", "Delivery"}); len(back) > 0 {
		t.Errorf("came back: %v", back)
	}
	s.store.Now = func() time.Time { return storetest.At.Add(s.store.Retention + time.Hour) } // the applications' time is over
	if back := s.handle(t, told{mailtag.Digest, key, "Delivery"}); len(back) > 0 {
		t.Errorf("came back: %v", back)
	}
}
