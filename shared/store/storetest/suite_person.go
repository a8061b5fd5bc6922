package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

func withdrawn(t *testing.T, s *store.Store) {
	ctx, found := t.Context(), referred(t, s)
	must(t, s.Answer(ctx, stepOf(found, "accepted"), answer(referral.Accepted, "", "form-1")))
	accepted := ledger(t, s)
	must(t, s.Withdraw(ctx, read(t, s), "helped_elsewhere", At.Add(2*time.Hour)))
	must(t, s.Withdraw(ctx, read(t, s), "changed_mind", At.Add(3*time.Hour))) // again changes nothing

	now := read(t, s)
	if now.Withdrawn == nil || now.Withdrawn.Reason != "helped_elsewhere" || !now.Withdrawn.At.Equal(At.Add(2*time.Hour)) {
		t.Fatalf("withdrawn %+v", now.Withdrawn)
	}
	if got := entry(t, s).Answer; got == nil || got.State != referral.Withdrawn || got.Reason != "helped_elsewhere" || got.Act != store.ActOfPerson {
		t.Errorf("the referral: %+v", got)
	}
	if !slices.Contains(actions(now), "withdrawn:helped_elsewhere") || slices.Contains(actions(now), "withdrawn:changed_mind") {
		t.Errorf("the trail: %v", actions(now))
	}
	// Whoever read the referral before and closes it was late, but it is over all the same.
	must(t, s.Answer(ctx, stepOf(accepted, "done"), store.Answer{State: referral.Done, Outcome: "helped", At: At.Add(4 * time.Hour), Act: "form-2"}))
	if got := entry(t, s).Answer; got.State != referral.Done {
		t.Errorf("what was over is %+v", got)
	}
	wantErr(t, s.Withdraw(ctx, named("ES-0000-0000-0000"), referral.NotSaid, At), store.ErrState)
}

func erasedReferrals(t *testing.T, s *store.Store) {
	ctx := t.Context()
	referred(t, s)
	must(t, s.Erase(ctx, read(t, s), "person", At.Add(time.Hour)))
	if got := entry(t, s).Answer; got == nil || got.State != referral.Withdrawn || got.Reason != referral.Erased {
		t.Errorf("the referral: %+v", got)
	}
	wantErr(t, s.Withdraw(ctx, read(t, s), referral.NotSaid, At), store.ErrState)
}

func replies(t *testing.T, s *store.Store) {
	ctx, found := t.Context(), referred(t, s)
	must(t, s.Ask(ctx, stepOf(found, "asked:when"), store.Question{ID: "q1", At: At, Code: "when"}))
	must(t, s.Ask(ctx, stepOf(ledger(t, s), "asked:other"), store.Question{ID: "q2", At: At, Code: "other", Text: []byte("sealed")}))
	mail := store.ReferralID(organization, 0)
	reply := store.Reply{Question: "q2", Mail: mail, At: At.Add(time.Hour), Text: []byte("sealed reply")}
	must(t, s.Reply(ctx, read(t, s), reply))
	reply.Text = []byte("another")
	wantErr(t, s.Reply(ctx, read(t, s), reply), store.ErrExists)

	now := read(t, s)
	questions := now.Ledger.Mail(mail).Questions
	if len(questions) != 2 || questions[0].Reply != nil || questions[1].Reply == nil {
		t.Fatalf("questions %+v", questions)
	}
	if got := questions[1].Reply; string(got.Text) != "sealed reply" || !got.At.Equal(At.Add(time.Hour)) {
		t.Errorf("reply %+v", got)
	}
	if !slices.Contains(actions(now), "replied:"+organization) {
		t.Errorf("the trail: %v", actions(now))
	}
}

func ratings(t *testing.T, s *store.Store) {
	ctx, found := t.Context(), referred(t, s)
	rate := func(code string) error { return s.Rate(ctx, stepOf(ledger(t, s), "rated"), code) }
	wantErr(t, rate("yes"), store.ErrState) // it isn't over
	must(t, s.Answer(ctx, stepOf(found, "accepted"), answer(referral.Accepted, "", "form-1")))
	wantErr(t, rate("yes"), store.ErrState)
	must(t, s.Answer(ctx, stepOf(ledger(t, s), "done"), store.Answer{State: referral.Done, Outcome: "helped", At: At, Act: "form-2"}))
	asFound := stepOf(ledger(t, s), "rated")
	must(t, s.Rate(ctx, asFound, "yes"))
	must(t, s.Rate(ctx, asFound, "yes")) // a repetition
	wantErr(t, s.Rate(ctx, asFound, "no"), store.ErrState)
	must(t, rate("yes"))
	must(t, rate("no"))
	wantErr(t, rate("partly"), store.ErrState)
	if got := entry(t, s).Rating; got == nil || got.Code != "no" || !got.Changed {
		t.Errorf("rating %+v", got)
	}
}

func droppedKeys(t *testing.T, s *store.Store) {
	ctx := t.Context()
	application := create(t, s, ref)
	keys, err := s.Keys(ctx, application.KeysID)
	must(t, err)
	must(t, s.DropWrap(ctx, keys, "contact:referral/a"))
	must(t, s.AddWrap(ctx, keys, "contact:referral/a", []byte{1}))
	for range 2 {
		must(t, s.DropWrap(ctx, keys, "contact:referral/a"))
	}
	keys, err = s.Keys(ctx, application.KeysID)
	must(t, err)
	if len(keys.Wraps["contact:referral/a"]) > 0 || len(keys.Wraps["profile:matching"]) == 0 {
		t.Errorf("keys %v", keys.Wraps)
	}
	keys.ID = "gone"
	must(t, s.DropWrap(ctx, keys, "contact:referral/a"))
}
