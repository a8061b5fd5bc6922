package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

func report(fact referral.Fact, minutes int) store.Report {
	return store.Report{Mail: store.ReferralID(organization, 0), Fact: fact, At: At.Add(time.Duration(minutes) * time.Minute)}
}

func heard(t *testing.T, s *store.Store) {
	ctx := t.Context()
	referred(t, s)
	must(t, s.Hear(ctx, ref, []store.Report{report(referral.Delayed, 1), report(referral.Arrived, 3), report(referral.Arrived, 2)}))
	must(t, s.Hear(ctx, ref, []store.Report{report(referral.Arrived, 9), {Mail: "receipt", Fact: referral.PermanentBounce, At: At}}))
	must(t, s.Hear(ctx, ref, nil))
	mail := entry(t, s)
	if got := fmt.Sprint(mail.Facts().Codes()); got != "[delayed delivered]" || !mail.Delivered.Equal(At.Add(2*time.Minute)) {
		t.Errorf("facts %s, delivered %v", got, mail.Delivered)
	}
	if got := ledger(t, s).Mail("receipt").Facts(); !got.Dead() {
		t.Errorf("the receipt: %v", got.Codes())
	}
	wantErr(t, s.Hear(ctx, ref, []store.Report{{Mail: "authority-nobody", Fact: referral.Arrived, At: At}}), store.ErrState)
	wantErr(t, s.Hear(ctx, "ES-0000-0000-0000", []store.Report{report(referral.Arrived, 1)}), store.ErrState)
}

func heardEarly(t *testing.T, s *store.Store) {
	ctx := t.Context()
	referred(t, s) // recorded as sending: SES's answer is under way
	must(t, s.Hear(ctx, ref, []store.Report{report(referral.Arrived, 1)}))
	sent := store.Mail{ID: store.ReferralID(organization, 0), State: store.MailSent, At: At.Add(time.Minute), Attempts: 1}
	must(t, s.Post(ctx, claimBy("one"), store.Posting{Mails: []store.Mail{sent}}))
	mail := entry(t, s)
	if got := fmt.Sprint(mail.Facts().Codes()); got != "[sent delivered]" {
		t.Errorf("facts %s of %+v", got, mail)
	}
}

func deadInboxes(t *testing.T, s *store.Store) {
	ctx := t.Context()
	country := "inbox of " + t.Name() // suites share a table
	dead := store.DeadInbox{Organization: organization, Address: "gone@town.example", Since: At, Fact: referral.PermanentBounce, Report: "mail-1"}
	bury := func(address, report string, want bool) {
		t.Helper()
		dead.Address, dead.Report = address, report
		first, err := s.Bury(ctx, country, dead)
		if err != nil || first != want {
			t.Errorf("burying %s by %s: first %v, %v", address, report, first, err)
		}
	}
	bury("gone@town.example", "mail-1", true)
	bury("gone@town.example", "mail-2", false) // another mail, the same incident
	bury("gone@town.example", "mail-1", true)  // the first report again: nobody knows whether it was told of
	bury("new@town.example", "mail-3", true)
	found, err := s.DeadInboxes(ctx, country)
	if err != nil || len(found) != 2 || found[1] != dead {
		t.Errorf("found %+v, %v", found, err)
	}
	complaint := func(days int, report string, want bool) {
		t.Helper()
		dead.Fact, dead.Since = referral.Complained, At.AddDate(0, 0, days)
		bury("annoyed@town.example", report, want)
	}
	complaint(0, "mail-4", true)
	complaint(6, "mail-5", false)
	complaint(8, "mail-6", true) // it was written to again
	complaint(0, "mail-4", false)
	if dead.Since = At.AddDate(0, 0, 8); dead.Closed(dead.Until()) || !dead.Closed(dead.Until().Add(-time.Second)) || !dead.Until().Equal(At.AddDate(0, 0, 15)) {
		t.Errorf("closed until %s", dead.Until())
	}
	dead.Fact = referral.PermanentBounce
	bury("annoyed@town.example", "mail-7", true) // mail can't reach it at all
	if !dead.Closed(At.AddDate(1, 0, 0)) {
		t.Error("an inbox that doesn't exist is written to again")
	}
	complaint(30, "mail-8", false)
	must(t, s.Revive(ctx, country, "annoyed@town.example"))
	must(t, s.Revive(ctx, country, "gone@town.example"))
	must(t, s.Revive(ctx, country, "gone@town.example"))
	if found, err := s.DeadInboxes(ctx, country); err != nil || len(found) != 1 {
		t.Errorf("after reviving: %+v, %v", found, err)
	}
}
