package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// waitingFor lists what waits, read in pages of a size.
func waitingFor(t *testing.T, s *store.Store, country, organization string, size int32) (all []store.WaitingMail) {
	t.Helper()
	for after := ""; ; {
		page, next, err := s.Waiting(t.Context(), country, organization, after, size)
		must(t, err)
		all = append(all, page...)
		if next == "" {
			return all
		}
		after = next
	}
}

func waitingIsListed(t *testing.T, s *store.Store) {
	ctx, country := t.Context(), "waiting of "+t.Name()
	mail := func(organization string, n int) store.WaitingMail {
		return store.WaitingMail{Organization: organization, Reference: fmt.Sprintf("ES-0000-0000-000%d", n), Mail: "authority-" + organization, At: At}
	}
	want := map[string][]store.WaitingMail{}
	for n := range 3 {
		for _, organization := range []string{"town", "town#hall"} {
			want[organization] = append(want[organization], mail(organization, n))
			must(t, s.Wait(ctx, country, mail(organization, n)))
		}
	}
	again := mail("town", 0)
	again.At = At.Add(time.Hour) // it waits since it first did
	must(t, s.Wait(ctx, country, again))
	for organization, listed := range want {
		for _, size := range []int32{1, 2, 100} {
			if diff := cmp.Diff(listed, waitingFor(t, s, country, organization, size)); diff != "" {
				t.Errorf("of %s in pages of %d (-want +got):\n%s", organization, size, diff)
			}
		}
	}
	if all := waitingFor(t, s, country, "", 4); len(all) != 6 || all[0].Organization != all[2].Organization || all[3].Organization != all[5].Organization {
		t.Errorf("of everybody: %+v", all)
	}
	for range 2 {
		must(t, s.Strike(ctx, country, again))
	}
	if left := waitingFor(t, s, country, "town", 5); len(left) != 2 || len(waitingFor(t, s, "IT", "town", 5)) != 0 {
		t.Errorf("after one is struck off: %+v", left)
	}
}

func digestIsHeld(t *testing.T, s *store.Store) {
	ctx, country := t.Context(), "digests of "+t.Name()
	d := store.Digest{
		Organization: organization, Day: "2026-11-23", Part: 1, State: store.MailSending, At: At, Holder: "one", Lease: lease, Full: true, Reason: "throttled",
		Told: []store.WaitingMail{{Organization: organization, Reference: ref, Mail: "authority-1", At: At}},
		Void: []store.WaitingMail{{Organization: organization, Reference: ref, Mail: "remind-1", At: At}},
	}
	read := func() store.Digest {
		found, err := s.Digest(ctx, country, d.Key())
		must(t, err)
		return found
	}
	if diff := cmp.Diff(store.Digest{At: time.Time{}.UTC(), Lease: time.Time{}.UTC()}, read()); diff != "" {
		t.Errorf("one that was never begun:\n%s", diff)
	}
	for range 2 { // the SDK repeats
		must(t, s.ClaimDigest(ctx, country, store.Digest{}, d, At))
	}
	if diff := cmp.Diff(d, read()); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
	other := d
	other.Holder = "two"
	wantErr(t, s.ClaimDigest(ctx, country, store.Digest{}, other, lease), store.ErrMailClaimed)
	wantErr(t, s.ClaimDigest(ctx, country, d, other, lease.Add(-time.Second)), store.ErrMailClaimed)
	other.Told, other.Void, other.Full, other.Reason = nil, nil, false, ""
	must(t, s.ClaimDigest(ctx, country, d, other, lease))
	wantErr(t, s.PostDigest(ctx, country, d), store.ErrState)
	other.State, other.Closed = store.MailSent, true
	for range 2 {
		must(t, s.PostDigest(ctx, country, other))
	}
	if diff := cmp.Diff(other, read()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	for _, day := range []string{"2026-11-20", "2026-11-24"} {
		next := d
		next.Day, next.Holder = day, day
		must(t, s.ClaimDigest(ctx, country, store.Digest{}, next, At))
	}
	if latest, err := s.LatestDigest(ctx, country, organization); err != nil || latest.Day != "2026-11-24" {
		t.Errorf("latest: %+v, %v", latest, err)
	}
	if none, err := s.LatestDigest(ctx, country, "nobody"); err != nil || none.Day != "" {
		t.Errorf("of nobody: %+v, %v", none, err)
	}
}

func toldOnce(t *testing.T, s *store.Store) {
	ctx := t.Context()
	create(t, s, ref)
	must(t, s.Matched(ctx, named(ref), []byte("result"), store.Versions{Catalogue: "v1", Rules: "1-0"}, At, false))
	id := store.ReferralID(organization, 0)
	waits := store.Mail{ID: id, State: store.MailWaiting, At: At, Attempts: 1}
	must(t, s.Claim(ctx, store.Ledger{}, claimBy("one"), At, store.Posting{Mails: []store.Mail{waits}, Over: true, Notified: &store.HandOver{At: At, Waiting: 1}}))
	if got := read(t, s); got.State != store.Notified || actions(got)[len(actions(got))-1] != "notified:sent=0,failed=0,waiting=1" {
		t.Errorf("while it waits: %s, %v", got.State, actions(got))
	}
	if diff := cmp.Diff(waits, entry(t, s)); diff != "" {
		t.Errorf("while it waits (-want +got):\n%s", diff)
	}
	must(t, s.Hear(ctx, ref, []store.Report{report(referral.Arrived, 1)})) // before the ledger says that it went
	told := store.Mail{ID: id, State: store.MailSent, At: At.Add(time.Hour), Due: &due, Behind: true}
	for range 2 {
		must(t, s.Tell(ctx, ref, told))
	}
	got := entry(t, s)
	if got.State != store.MailSent || !got.At.Equal(told.At) || got.Due == nil || !got.Due.Equal(due) || !got.Behind || got.Facts().State() != referral.Delivered {
		t.Errorf("told: %+v", got)
	}
	wantErr(t, s.Tell(ctx, ref, store.Mail{ID: id, State: store.MailFailed, At: At.Add(time.Hour), Reason: "late"}), store.ErrState)
	wantErr(t, s.Tell(ctx, ref, store.Mail{ID: "authority-nobody", State: store.MailSent, At: At}), store.ErrState)
	wantErr(t, s.Tell(ctx, "ES-0000-0000-0000", told), store.ErrState)
}
