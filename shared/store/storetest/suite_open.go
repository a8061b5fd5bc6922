package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/store"
)

// listed gives the references in the list, read in pages of a size.
func listed(t *testing.T, s *store.Store, after string, size int32) []string {
	t.Helper()
	var all []string
	for more := true; more; {
		page, next, err := s.Open(t.Context(), "ES", after, size)
		must(t, err)
		for _, one := range page {
			all, after = append(all, one.Reference), one.Place
			if len(one.Needs) != 2 {
				t.Errorf("needs of %s: %v", one.Reference, one.Needs)
			}
		}
		if more = next; more && len(page) == 0 {
			t.Fatal("an empty page, and more to follow")
		}
	}
	return all
}

func openByAge(t *testing.T, s *store.Store) {
	var want []string
	for i := range 7 { // the later the reference, the longer it waits; two at one time
		reference := fmt.Sprintf("ES-0000-0000-000%d", 9-i)
		create(t, s, reference)
		must(t, s.Matched(t.Context(), named(reference), []byte("result"), store.Versions{Catalogue: "v1", Rules: "1-0"}, At.Add(time.Duration(i/2)*time.Minute), i != 3))
		if i != 3 {
			want = append(want, reference)
		}
	}
	want[0], want[1] = want[1], want[0]
	want[3], want[4] = want[4], want[3]
	for _, size := range []int32{1, 2, 100} {
		if diff := cmp.Diff(want, listed(t, s, "", size)); diff != "" {
			t.Errorf("listed in pages of %d (-want +got):\n%s", size, diff)
		}
	}
	if diff := cmp.Diff(want[3:], listed(t, s, store.OpenSince(At.Add(2*time.Minute)), 2)); diff != "" {
		t.Errorf("listed from a time on (-want +got):\n%s", diff)
	}
	if other, _, err := s.Open(t.Context(), "IT", "", 10); err != nil || len(other) > 0 {
		t.Errorf("of another country: %v, %v", other, err)
	}
}

// notifiedOf closes a round.
func notifiedOf(t *testing.T, s *store.Store, holder string, round int) {
	t.Helper()
	done := &store.HandOver{At: At.Add(time.Duration(round+1) * time.Hour), Sent: 1 + round, Round: round}
	must(t, s.Claim(t.Context(), ledger(t, s), claimBy(holder), lease.Add(time.Hour*time.Duration(round)), store.Posting{Over: true, Notified: done}))
}

func addition(result string, after time.Duration, open bool) store.Addition {
	return store.Addition{Result: []byte(result), Made: store.Versions{Catalogue: "v2", Rules: "2"}, At: At.Add(after), Open: open}
}

func rounds(t *testing.T, s *store.Store) {
	ctx := t.Context()
	create(t, s, ref)
	must(t, s.Matched(ctx, named(ref), []byte("first"), store.Versions{Catalogue: "v1", Rules: "1-0"}, At, true))
	wantErr(t, s.MatchedAgain(ctx, read(t, s), addition("early", time.Minute, true)), store.ErrState)
	notifiedOf(t, s, "one", 0)
	found := read(t, s)
	must(t, s.MatchedAgain(ctx, found, addition("second", 90*time.Minute, true)))
	wantErr(t, s.MatchedAgain(ctx, found, addition("another", 91*time.Minute, true)), store.ErrState)
	got := read(t, s)
	if got.State != store.Matched || got.Round != 1 || string(got.Result) != "second" || got.Catalogue != "v2" || !got.MatchedAt.Equal(At.Add(90*time.Minute)) {
		t.Errorf("after a second round has begun: %+v", got)
	}
	if place := listed(t, s, "", 10); len(place) != 1 {
		t.Errorf("listed: %v", place)
	}
	notifiedOf(t, s, "two", 1)
	must(t, s.MatchedAgain(ctx, read(t, s), addition("third", 150*time.Minute, false)))
	notifiedOf(t, s, "three", 2)
	if unconfirmed := read(t, s); unconfirmed.OpenSince != "" || len(listed(t, s, "", 10)) != 1 {
		t.Errorf("closed, and still at %q", unconfirmed.OpenSince)
	}
	page, _, err := s.Open(ctx, "ES", "", 1)
	must(t, err)
	for range 2 {
		must(t, s.Unlist(ctx, "ES", page[0]))
	}
	if left := listed(t, s, "", 10); len(left) != 0 {
		t.Errorf("still listed: %v", left)
	}
	got = read(t, s)
	if got.State != store.Notified || got.Round != 2 {
		t.Errorf("after three rounds: %+v", got)
	}
	want := []string{
		"consented:2026-11", "matched:catalogue=v1,rules=1-0", "notified:sent=1,failed=0", "matched_again:round=1,catalogue=v2,rules=2", "notified:sent=2,failed=0",
		"matched_again:round=2,catalogue=v2,rules=2", "notified:sent=3,failed=0",
	}
	if diff := cmp.Diff(want, actions(got)); diff != "" {
		t.Errorf("audit trail (-want +got):\n%s", diff)
	}
	must(t, s.Erase(ctx, got, "person", At))
	wantErr(t, s.MatchedAgain(ctx, got, addition("late", 200*time.Minute, true)), store.ErrState)
	if erased := read(t, s); erased.Result != nil {
		t.Errorf("an erased application has a result again: %+v", erased)
	}
}

func waits(t *testing.T, s *store.Store) {
	ctx := t.Context()
	create(t, s, ref)
	wantErr(t, s.Waits(ctx, read(t, s), []byte("early"), At), store.ErrState)
	must(t, s.Matched(ctx, named(ref), []byte("first"), store.Versions{Catalogue: "v1", Rules: "1-0"}, At, false))
	found := read(t, s)
	for range 2 {
		must(t, s.Waits(ctx, found, []byte("waiting"), At.Add(time.Second)))
	}
	if got := read(t, s); got.State != store.Matched || string(got.Result) != "waiting" || len(listed(t, s, "", 5)) != 1 {
		t.Errorf("after waiting: %+v", got)
	}
	notifiedOf(t, s, "one", 0)
	must(t, s.MatchedAgain(ctx, read(t, s), addition("second", 90*time.Minute, true)))
	wantErr(t, s.Waits(ctx, found, []byte("late"), At), store.ErrState)
}
