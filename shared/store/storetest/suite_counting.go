package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/store"
)

// countings: of two who count on from the same place one goes on, and what was counted can be forgotten.
func countings(t *testing.T, s *store.Store) {
	ctx := t.Context()
	found, err := s.Counting(ctx, "ES")
	must(t, err)
	if found.Version != 0 {
		t.Errorf("before anything was counted: %+v", found)
	}
	next := store.Counting{Period: "2026-Q4", Night: "2027-01-02", Day: "2027-01-03", Shard: 1, After: "", Counts: []byte{1, 2}}
	must(t, s.Count(ctx, "ES", found, next))
	wantErr(t, s.Count(ctx, "ES", found, next), store.ErrState)
	now, err := s.Counting(ctx, "ES")
	must(t, err)
	next.Version = 1
	if diff := cmp.Diff(next, now); diff != "" {
		t.Error(diff)
	}
	must(t, s.Count(ctx, "ES", now, next))
	wantErr(t, s.Count(ctx, "ES", now, next), store.ErrState)
	for range 2 {
		must(t, s.Counted(ctx, "ES"))
		if now, err = s.Counting(ctx, "ES"); err != nil || now.Version != 0 {
			t.Errorf("forgotten: %+v, %v", now, err)
		}
	}
}

// withoutClocks: of an application that nobody was written to about there is an appointment all the same, for its erasure.
func withoutClocks(t *testing.T, s *store.Store) {
	must(t, s.Appoint(t.Context(), "ES", store.Appointment{Reference: ref, Day: "2026-11-23"}))
	for shard := range store.DueShards {
		page, _, err := s.Appointments(t.Context(), "ES", "2026-11-23", shard, "", 10)
		must(t, err)
		for _, a := range page {
			if a.Reference == ref && len(a.Clocks) == 0 {
				return
			}
		}
	}
	t.Error("it isn't listed")
}
