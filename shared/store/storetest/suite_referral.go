package storetest

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

const organization = "54afe180-8da6-5747-bd00-7f1ea2c01c89"

var due = At.Add(7 * 24 * time.Hour)

// referred is an application with one referral, as notification leaves it.
func referred(t *testing.T, s *store.Store) store.Ledger {
	t.Helper()
	create(t, s, ref)
	p := sending(store.ReferralID(organization, 0), "receipt")
	p.Mails[0].Due = &due
	must(t, s.Claim(t.Context(), store.Ledger{}, claimBy("one"), At, p))
	found := entry(t, s)
	if id, round, ok := found.Authority(); !ok || id != organization || round != 0 || found.Due == nil || !found.Due.Equal(due) {
		t.Fatalf("the referral: %+v", found)
	}
	return ledger(t, s)
}

func entry(t *testing.T, s *store.Store) store.Mail {
	t.Helper()
	all := ledger(t, s).Referrals()
	if len(all) != 1 {
		t.Fatalf("referrals: %+v", all)
	}
	return all[0]
}

func stepOf(found store.Ledger, action string) store.Step {
	return store.Step{
		Reference: ref, Authority: organization, Found: found,
		Audit: store.Audit{At: At.Add(time.Hour), Actor: "authority", Action: action + ":" + organization},
	}
}

func answer(state referral.State, reason, act string) store.Answer {
	return store.Answer{State: state, Reason: reason, At: At.Add(time.Hour), Act: act}
}

func answeredOnce(t *testing.T, s *store.Store) {
	ctx, found := t.Context(), referred(t, s)
	accept := answer(referral.Accepted, "", "form-1")
	must(t, s.Answer(ctx, stepOf(found, "accepted"), accept))
	wantErr(t, s.Answer(ctx, stepOf(found, "declined"), answer(referral.Declined, "other", "form-2")), store.ErrState)
	accepted := ledger(t, s)
	if diff := cmp.Diff(&accept, entry(t, s).Answer); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	done := store.Answer{State: referral.Done, Outcome: referral.NotHelped, Reason: "no_capacity", At: At.Add(2 * time.Hour), Act: "form-3"}
	must(t, s.Answer(ctx, stepOf(accepted, "done"), done))
	wantErr(t, s.Answer(ctx, stepOf(accepted, "done"), answer(referral.Done, "", "form-4")), store.ErrState)
	decided, err := entry(t, s).Decided()
	if err != nil || decided.Code() != "done:not_helped:no_capacity" {
		t.Errorf("decided %q, %v", decided.Code(), err)
	}
	want := []string{"consented:2026-11", "accepted:" + organization, "done:" + organization}
	if diff := cmp.Diff(want, actions(read(t, s))); diff != "" {
		t.Errorf("audit trail (-want +got):\n%s", diff)
	}
	// Of an application or a referral that there isn't.
	nowhere := stepOf(found, "accepted")
	nowhere.Reference = "ES-0000-0000-0000"
	wantErr(t, s.Answer(ctx, nowhere, accept), store.ErrState)
	nobody := stepOf(store.Ledger{}, "accepted")
	nobody.Authority = "nobody"
	wantErr(t, s.Answer(ctx, nobody, accept), store.ErrState)
}

func answeredTwice(t *testing.T, s *store.Store) {
	ctx, found := t.Context(), referred(t, s)
	accept := answer(referral.Accepted, "", "form-1")
	must(t, s.Answer(ctx, stepOf(found, "accepted"), accept))
	must(t, s.Answer(ctx, stepOf(found, "accepted"), accept))
	if got := actions(read(t, s)); len(got) != 2 {
		t.Errorf("audit trail: %v", got)
	}
}

func manyOfficers(t *testing.T, s *store.Store) {
	found := referred(t, s)
	won := countSuccess(t, store.ErrState, func(i int) error {
		decided := answer(referral.Accepted, "", "form-"+strconv.Itoa(i))
		if i%2 == 0 {
			decided = answer(referral.Declined, "no_capacity", "form-"+strconv.Itoa(i))
		}
		return s.Answer(t.Context(), stepOf(found, string(decided.State)), decided)
	})
	if won != 1 {
		t.Errorf("%d officers won", won)
	}
	if got := actions(read(t, s)); len(got) != 2 || !strings.HasPrefix(got[1], string(entry(t, s).Answer.State)) {
		t.Errorf("audit trail: %v, answer %+v", got, entry(t, s).Answer)
	}
}

func questions(t *testing.T, s *store.Store) {
	ctx, first := t.Context(), referred(t, s)
	ask := func(found store.Ledger, id string) error {
		q := store.Question{ID: id, At: At.Add(time.Hour), Code: "documents", Text: []byte("sealed " + id)}
		return s.Ask(ctx, stepOf(found, "asked"), q)
	}
	must(t, ask(first, "form-0"))
	must(t, ask(first, "form-0"))
	wantErr(t, ask(first, "form-1"), store.ErrState) // the first was asked meanwhile
	for i := 1; i < store.MostQuestions; i++ {
		must(t, ask(ledger(t, s), "form-"+strconv.Itoa(i)))
	}
	wantErr(t, ask(ledger(t, s), "one more"), store.ErrState)
	got := entry(t, s).Questions
	if len(got) != store.MostQuestions || string(got[4].Text) != "sealed form-4" || got[0].Code != "documents" {
		t.Errorf("questions: %+v", got)
	}
}

func views(t *testing.T, s *store.Store) {
	ctx, found := t.Context(), referred(t, s)
	wantErr(t, s.Viewed(ctx, stepOf(found, "contact_shown")), store.ErrState)
	must(t, s.Answer(ctx, stepOf(found, "accepted"), answer(referral.Accepted, "", "form-1")))
	for range store.MostTrail - 1 {
		must(t, s.Viewed(ctx, stepOf(ledger(t, s), "contact_shown")))
	}
	wantErr(t, s.Viewed(ctx, stepOf(ledger(t, s), "contact_shown")), store.ErrState) // nobody looks without its being written down
	if got := actions(read(t, s)); len(got) != store.MostTrail+1 {
		t.Errorf("%d lines of the trail", len(got))
	}
}

func contacts(t *testing.T, s *store.Store) {
	ctx, found := t.Context(), referred(t, s)
	wantErr(t, s.Contact(ctx, stepOf(found, "contact_released"), store.ContactReleased), store.ErrState)
	must(t, s.Answer(ctx, stepOf(found, "accepted"), answer(referral.Accepted, "", "form-1")))
	must(t, s.Contact(ctx, stepOf(found, "contact_released"), store.ContactReleased))
	must(t, s.Contact(ctx, stepOf(found, "contact_released"), store.ContactReleased)) // the SDK's repetition
	wantErr(t, s.Contact(ctx, stepOf(found, "contact_withheld"), store.ContactWithheld), store.ErrState)
	if got := entry(t, s).Contact; got != store.ContactReleased {
		t.Errorf("contact %q", got)
	}
	if got := actions(read(t, s)); len(got) != 3 {
		t.Errorf("audit trail: %v", got)
	}
}

func revoked(t *testing.T, s *store.Store) {
	ctx, found := t.Context(), referred(t, s)
	must(t, s.Revoke(ctx, stepOf(found, "revoked")))
	must(t, s.Revoke(ctx, stepOf(found, "revoked"))) // the SDK's repetition
	must(t, s.Revoke(ctx, stepOf(ledger(t, s), "revoked")))
	if got := entry(t, s).Generation; got != 2 {
		t.Errorf("generation %d", got)
	}
	wantErr(t, s.Revoke(ctx, stepOf(found, "revoked")), store.ErrState)
}

func senderLeavesAnswers(t *testing.T, s *store.Store) {
	ctx, found := t.Context(), referred(t, s)
	must(t, s.Answer(ctx, stepOf(found, "accepted"), answer(referral.Accepted, "", "form-1")))
	must(t, s.Ask(ctx, stepOf(found, "asked"), store.Question{ID: "form-2", At: At, Code: "documents"}))
	must(t, s.Revoke(ctx, stepOf(found, "revoked")))
	before := entry(t, s)
	sent := store.Mail{ID: before.ID, State: store.MailSent, At: At, Attempts: 1}
	must(t, s.Post(ctx, claimBy("one"), store.Posting{Mails: []store.Mail{sent}, Over: true}))
	want := before
	want.State = store.MailSent
	if diff := cmp.Diff(want, entry(t, s)); diff != "" {
		t.Errorf("entry (-want +got):\n%s", diff)
	}
}

// laterRounds: an organization that is asked again about matches of a later round has two referrals.
func laterRounds(t *testing.T, s *store.Store) {
	ctx, found := t.Context(), referred(t, s)
	must(t, s.Answer(ctx, stepOf(found, "declined"), answer(referral.Declined, "no_capacity", "form-1")))
	must(t, s.Post(ctx, claimBy("one"), sending(store.ReferralID(organization, 2))))
	later := stepOf(ledger(t, s), "accepted")
	later.Round = 2
	must(t, s.Answer(ctx, later, answer(referral.Accepted, "", "form-2")))
	states := map[int]referral.State{}
	for _, mail := range ledger(t, s).Referrals() {
		id, round, ok := mail.Authority()
		if !ok || id != organization {
			t.Errorf("%s is a referral to %s", mail.ID, id)
		}
		states[round] = mail.Answer.State
	}
	if diff := cmp.Diff(map[int]referral.State{0: referral.Declined, 2: referral.Accepted}, states); diff != "" {
		t.Errorf("by round (-want +got):\n%s", diff)
	}
}

func addedKeys(t *testing.T, s *store.Store) {
	ctx := t.Context()
	application := create(t, s, ref)
	keys, err := s.Keys(ctx, application.KeysID)
	must(t, err)
	must(t, s.AddWrap(ctx, keys, "contact:referral/one", []byte{7}))
	got, err := s.Keys(ctx, application.KeysID)
	must(t, err)
	if len(got.Wraps) != len(keys.Wraps)+1 || string(got.Wraps["contact:referral/one"]) != "\a" {
		t.Errorf("keys: %v", got.Wraps)
	}
	must(t, s.Erase(ctx, application, "person", At))
	wantErr(t, s.AddWrap(ctx, keys, "contact:referral/two", []byte{8}), store.ErrNotFound)
	_, err = s.Keys(ctx, application.KeysID)
	wantErr(t, err, store.ErrNotFound)
}
