package notification

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// dueMessage is what followup sends.
func dueMessage(t testing.TB, what string) string {
	t.Helper()
	event, err := events.New(events.Origin{ID: "due-" + what, Source: "/es/followup", Subject: reference, Time: start},
		&events.ReferralDueV1{Country: "ES", Authority: "ayto", What: what})
	check(t, err)
	return string(eventstest.Encode(t, event))
}

// own is a world whose catalogue can be changed.
func own(t *testing.T) *world {
	w := newWorld(t)
	w.handler.Catalogue = catalogue{"": published.OfPack(w.handler.Planner.Pack)}
	return w
}

// at turns the clock.
func (w *world) at(when time.Time) { w.wait(when.Sub(w.clock())) }

func (w *world) runs(t *testing.T, messages ...string) {
	t.Helper()
	if back := w.run(t, messages...); len(back) > 0 {
		t.Fatalf("%v came back\n%s", back, w.log)
	}
}

// last is the mail that was sent last, if there are as many as wanted: subject, recipient, text.
func (w *world) last(t *testing.T, want int) (subject, to, text string) {
	t.Helper()
	if len(w.ses.taken) != want {
		t.Fatalf("%d mails, want %d: %v", len(w.ses.taken), want, w.ses.sent())
	}
	in := w.ses.taken[want-1]
	return *in.Content.Simple.Subject.Data, in.Destination.ToAddresses[0], *in.Content.Simple.Body.Text.Data
}

var thursday = time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC) // nine o'clock in Madrid, the last working day but one

func TestReferralsAreFollowedUp(t *testing.T) {
	w := newWorld(t)
	w.notified(t, true)
	var found []store.Appointment
	for shard := range store.DueShards {
		page, _, err := w.store.Appointments(t.Context(), "ES", "2026-11-26", shard, "", 10)
		check(t, err)
		found = append(found, page...)
	}
	clock := func(mail string) store.Clock {
		return store.Clock{
			Mail: mail, Remind: thursday, Escalate: time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC), Lapse: time.Date(2026, 12, 7, 8, 0, 0, 0, time.UTC),
		}
	}
	want := []store.Appointment{{Reference: reference, Day: "2026-11-26", Clocks: []store.Clock{clock("authority-ayto"), clock("authority-junta")}}}
	for i := range found {
		for j := range found[i].Clocks {
			c := &found[i].Clocks[j]
			c.Remind, c.Escalate, c.Lapse = c.Remind.UTC(), c.Escalate.UTC(), c.Lapse.UTC()
		}
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("appointments (-want +got):\n%s", diff)
	}
	if got := w.application(t).Ledger.Notified; got.Sent != 3 {
		t.Errorf("notified %+v", got)
	}
}

func TestAReminderGoesOnceAndOnlyWhileNobodyAnswered(t *testing.T) {
	w := newWorld(t)
	w.notified(t, true)
	notified := w.application(t).Ledger.Notified
	w.at(time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)) // held up until a Sunday
	w.runs(t, dueMessage(t, events.Remind))
	w.last(t, 3)
	w.at(thursday.AddDate(0, 0, 4))
	w.runs(t, dueMessage(t, events.Remind), dueMessage(t, events.Remind))
	w.runs(t, dueMessage(t, events.Remind))
	subject, to, text := w.last(t, 4)
	if to != "ayto@immerse.example" || !strings.HasPrefix(subject, "Recordatorio: la solicitud "+reference) ||
		!strings.Contains(text, "27/11/2026") || !strings.Contains(text, "/referral/") || !strings.Contains(text, "Clases de español") {
		t.Errorf("to %s: %s\n%s", to, subject, text)
	}
	if strings.Contains(text, "canary") {
		t.Errorf("something personal:\n%s", text)
	}
	if found := w.application(t); found.Ledger.Notified != notified || found.Ledger.Mail("remind-ayto").State != store.MailSent || len(found.Ledger.Referrals()) != 2 {
		t.Errorf("ledger %+v", found.Ledger)
	}
	w.answers(t, referral.Declined, "no_capacity")
	w.runs(t, dueMessage(t, events.Escalate), dueMessage(t, events.Lapse))
	w.last(t, 4)
}

func TestAnEscalationGoesToWhoeverIsBehindTheAuthority(t *testing.T) {
	w := own(t)
	w.notified(t, true)
	w.at(thursday)
	w.runs(t, dueMessage(t, events.Escalate))
	if w.last(t, 3); !strings.Contains(w.log.String(), "nobody_behind") {
		t.Error("the operator isn't told that nobody is behind the authority")
	}
	w.handler.Planner.Pack.Organizations[1].ParentOrganizationID = "junta"
	w.runs(t, dueMessage(t, events.Escalate))
	subject, to, text := w.last(t, 4)
	if to != "junta@immerse.example" || !strings.Contains(subject, "sin respuesta de Ayuntamiento de Granada") {
		t.Errorf("to %s: %s", to, subject)
	}
	// The authority's own time is over, and is not given again.
	if asked := text[strings.Index(text, "Qué"):]; !strings.Contains(text, "terminó el 27/11/2026") || strings.Contains(asked, "27/11/2026") || !strings.Contains(asked, "4/12/2026") {
		t.Errorf("until when is asked:\n%s", text)
	}
	w.handler.Planner.Pack.Organizations[1].Immerse.Fallback = "chief@immerse.example"
	w.runs(t, dueMessage(t, events.Escalate)) // it went
	w.last(t, 4)
}

// TestWhoIsBehindIsAskedWhenAMailComesBack, once, and is passed over when nobody answers there either.
func TestWhoIsBehindIsAskedWhenAMailComesBack(t *testing.T) {
	w := own(t)
	w.notified(t, true)
	organization := &w.handler.Planner.Pack.Organizations[1]
	w.runs(t, dueMessage(t, events.Fallback))
	if w.last(t, 3); !strings.Contains(w.log.String(), "nobody_behind") {
		t.Error("the operator isn't told that nobody is behind the authority")
	}
	organization.Immerse.Fallback = "chief@immerse.example"
	w.runs(t, dueMessage(t, events.Fallback), dueMessage(t, events.Fallback))
	w.runs(t, dueMessage(t, events.Fallback))
	subject, to, text := w.last(t, 4)
	if to != "chief@immerse.example" || !strings.Contains(subject, "Ayuntamiento de Granada: nuestro correo ha sido devuelto") ||
		!strings.Contains(text, "/referral/") || !strings.Contains(text, "27/11/2026") || strings.Contains(text, "canary") {
		t.Errorf("to %s: %s\n%s", to, subject, text)
	}
	if life, err := w.application(t).Ledger.Life(w.application(t).Ledger.Mail("authority-ayto")); err != nil || life.State() != referral.Sent {
		t.Errorf("life %+v, %v", life, err)
	}
	w.at(thursday.AddDate(0, 0, 4))
	w.runs(t, dueMessage(t, events.Escalate)) // the chief has it already
	w.last(t, 4)
	organization.ParentOrganizationID = "junta"
	w.runs(t, dueMessage(t, events.Escalate))
	if _, to, _ := w.last(t, 5); to != "junta@immerse.example" {
		t.Errorf("to %s", to)
	}
}

// TestOfWhomOurMailNeverReached it is not said that they did not answer.
func TestOfWhomOurMailNeverReached(t *testing.T) {
	w := own(t)
	w.notified(t, true)
	organization := &w.handler.Planner.Pack.Organizations[1]
	organization.Immerse.Fallback, organization.ParentOrganizationID = "chief@immerse.example", "junta"
	hear := func(mail string) {
		check(t, w.store.Hear(t.Context(), reference, []store.Report{{Mail: mail, Fact: referral.NotTaken, At: start}}))
	}
	unreached := func() string {
		ledger := w.application(t).Ledger
		instead, lost := ledger.Unreached(ledger.Mail("authority-ayto"))
		if !lost {
			return "reached"
		}
		return instead.ID
	}
	if got := unreached(); got != "reached" {
		t.Errorf("before anything was heard: %q", got)
	}
	hear("authority-ayto")
	if got := unreached(); got != "" {
		t.Errorf("before anybody else was asked: %q", got)
	}
	w.runs(t, dueMessage(t, events.Fallback))
	if _, to, _ := w.last(t, 4); to != "chief@immerse.example" || unreached() != "fallback-ayto" {
		t.Errorf("to %s, instead %q", to, unreached())
	}
	hear("fallback-ayto") // its inbox is not dead, and yet another is tried
	w.at(thursday.AddDate(0, 0, 4))
	w.runs(t, dueMessage(t, events.Escalate))
	subject, to, text := w.last(t, 5)
	if to != "junta@immerse.example" || !strings.Contains(subject, "nuestro correo ha sido devuelto") || !strings.Contains(text, "El día para responder es el 4/12/2026") || strings.Contains(text, "27/11/2026") ||
		strings.Contains(text, "no ha respondido") {
		t.Errorf("to %s: %s\n%s", to, subject, text)
	}
	if got := unreached(); got != "escalate-ayto" {
		t.Errorf("instead %q", got)
	}
}

// TestTheLedgerSaysWhoWasWrittenToInstead of an inbox that was dead from the start, with the first mail and the reminder.
func TestTheLedgerSaysWhoWasWrittenToInstead(t *testing.T) {
	w := own(t)
	organization := &w.handler.Planner.Pack.Organizations[1]
	organization.Immerse.Fallback = "chief@immerse.example"
	_, err := w.store.Bury(t.Context(), "ES", store.DeadInbox{Address: "ayto@immerse.example", Organization: "ayto", Since: start, Fact: referral.PermanentBounce, Report: "1"})
	check(t, err)
	w.notified(t, true)
	ledger := w.application(t).Ledger
	began := ledger.Mail("authority-ayto")
	if instead, lost := ledger.Unreached(began); !began.Behind || began.State != store.MailSent || !lost || instead.ID != began.ID {
		t.Errorf("%+v, instead %+v", began, instead)
	}
	w.at(thursday)
	w.runs(t, dueMessage(t, events.Remind))
	ledger = w.application(t).Ledger
	if instead, lost := ledger.Unreached(began); !lost || instead.ID != "remind-ayto" {
		t.Errorf("instead %+v of %+v", instead, ledger)
	}
	check(t, w.store.Revive(t.Context(), "ES", "ayto@immerse.example"))
	w.runs(t, dueMessage(t, events.Escalate))
	if _, to, _ := w.last(t, 5); to != "chief@immerse.example" {
		t.Errorf("the escalation went to %s", to)
	}
}

// TestNobodyIsAskedBehindWhoAnswered: an officer was quicker than the report that the mail came back.
func TestNobodyIsAskedBehindWhoAnswered(t *testing.T) {
	w := own(t)
	w.handler.Planner.Pack.Organizations[1].Immerse.Fallback = "chief@immerse.example"
	w.notified(t, true)
	w.answers(t, referral.Declined, "no_capacity")
	w.runs(t, dueMessage(t, events.Fallback))
	w.last(t, 3)
}

// TestADeadAddressBehindIsPassedOver until the operator revives it.
func TestADeadAddressBehindIsPassedOver(t *testing.T) {
	w := own(t)
	organization := &w.handler.Planner.Pack.Organizations[1]
	organization.Immerse.Fallback, organization.ParentOrganizationID = "chief@immerse.example", "junta"
	w.notified(t, true)
	bury := func(address string) {
		_, err := w.store.Bury(t.Context(), "ES", store.DeadInbox{Address: address, Organization: "ayto", Since: start, Fact: referral.PermanentBounce, Report: "1"})
		check(t, err)
	}
	bury("ayto@immerse.example")
	w.runs(t, dueMessage(t, events.Fallback))
	w.last(t, 4)
	bury("chief@immerse.example")
	check(t, w.store.Hear(t.Context(), reference, []store.Report{
		{Mail: "authority-ayto", Fact: referral.PermanentBounce, At: start}, {Mail: "fallback-ayto", Fact: referral.PermanentBounce, At: start},
	}))
	w.at(thursday.AddDate(0, 0, 4))
	w.runs(t, dueMessage(t, events.Escalate))
	if _, to, _ := w.last(t, 5); to != "junta@immerse.example" {
		t.Errorf("to %s", to)
	}
	check(t, w.store.Revive(t.Context(), "ES", "chief@immerse.example"))
	if p, err := w.handler.planner(t.Context(), hearing{}); err != nil || len(p.others(organization)) != 2 {
		t.Errorf("the revived address is left out: %v, %v", p.others(organization), err)
	}
}

func TestWhoGetsNoAnswerIsToldAndTheirPlaceGivenBack(t *testing.T) {
	w := own(t)
	w.notified(t, true)
	_, err := w.places.Reserve(t.Context(), places.Claim{Service: "classes", Reference: reference, Offered: 1, Until: w.clock().AddDate(0, 1, 0)})
	check(t, err)
	one := 1.0
	w.handler.Planner.Pack.Services[0].Capacities = []hsds.Capacity{{Available: &one}}
	w.at(thursday.AddDate(0, 0, 11))
	w.runs(t, dueMessage(t, events.Lapse)) // too early: nothing has ended
	w.last(t, 3)
	w.answers(t, referral.Expired, "")
	w.runs(t, dueMessage(t, events.Lapse), dueMessage(t, events.Lapse))
	subject, to, text := w.last(t, 4)
	if to != "canary.email@person.example" || !strings.Contains(subject, reference) || strings.Contains(text, "Ayuntamiento de Granada") || !strings.Contains(text, "لم تجب") {
		t.Errorf("to %s: %s\n%s", to, subject, text)
	}
	if standing, err := w.places.Standing(t.Context(), "classes", 1); err != nil || standing.Free != 1 {
		t.Errorf("places %+v, %v", standing, err)
	}
}

func TestNothingIsSentToADeadInbox(t *testing.T) {
	w := newWorld(t)
	_, err := w.store.Bury(t.Context(), "ES", store.DeadInbox{Address: "ayto@immerse.example", Organization: "ayto", Since: start, Fact: referral.PermanentBounce, Report: "1"})
	check(t, err)
	w.notified(t, true)
	if sent := w.ses.sent(); sent["authority-ayto"] != 0 || sent["authority-junta"] != 1 {
		t.Errorf("sent %v", sent)
	}
	entry := w.application(t).Ledger.Mail("authority-ayto")
	if entry.State != store.MailFailed || entry.Reason != "dead_inbox" || entry.Facts().State() != referral.Bounced {
		t.Errorf("entry %+v", entry)
	}
}

func TestWhoIsBehindADeadInboxGetsItsMail(t *testing.T) {
	w := own(t)
	w.handler.Planner.Pack.Organizations[1].Immerse.Fallback = "chief@immerse.example"
	_, err := w.store.Bury(t.Context(), "ES", store.DeadInbox{Address: "ayto@immerse.example", Organization: "ayto", Since: start, Fact: referral.PermanentBounce, Report: "1"})
	check(t, err)
	w.notified(t, true)
	if sent := w.ses.sent(); sent["authority-ayto"] != 1 {
		t.Fatalf("sent %v", sent)
	}
	for _, in := range w.ses.taken {
		if mailID(in) != "authority-ayto" {
			continue
		}
		subject := *in.Content.Simple.Subject.Data
		if to := in.Destination.ToAddresses[0]; to != "chief@immerse.example" || !strings.Contains(subject, "Ayuntamiento de Granada") {
			t.Errorf("to %v: %s", to, subject)
		}
	}
}
