package notification

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

const toPerson = "canary.email@person.example"

// asking is a case whose authorities were written to, for a person who wants certain updates.
func (w *world) asking(t *testing.T, updates string) {
	t.Helper()
	contact := amira("en")
	contact.Updates = updates
	w.submit(t, contact, found())
	w.runs(t, matched(t, reference))
}

// to gives what was sent to an address after the first three mails: each with subject and text.
func (w *world) to(address string) (subjects, texts []string) {
	for _, in := range w.ses.taken[min(3, len(w.ses.taken)):] {
		if in.Destination.ToAddresses[0] == address {
			subjects = append(subjects, *in.Content.Simple.Subject.Data)
			texts = append(texts, *in.Content.Simple.Body.Text.Data+*in.Content.Simple.Body.Html.Data)
		}
	}
	return subjects, texts
}

func (w *world) asks(t *testing.T, id string) {
	t.Helper()
	check(t, w.store.Ask(t.Context(), store.Step{Reference: reference, Authority: "ayto", Found: w.application(t).Ledger,
		Audit: store.Audit{At: w.clock(), Actor: "authority", Action: "asked:when:ayto"},
	}, store.Question{ID: id, At: w.clock(), Code: "when", Text: []byte("sealed")}))
}

func (w *world) message(t *testing.T, payload events.Payload) string {
	t.Helper()
	event, err := events.New(events.Origin{ID: "e-2", Source: "/es/intake", Subject: reference, Time: w.clock()}, payload)
	check(t, err)
	return string(eventstest.Encode(t, event))
}

func TestAPersonIsToldOfTheTurnsTheyAskedToBeToldOf(t *testing.T) {
	turns := map[string]struct {
		happens func(t *testing.T, w *world) string
		says    string
		minor   bool
	}{
		"accepted": {func(t *testing.T, w *world) string {
			w.answers(t, referral.Accepted, "")
			return w.decided(t, "accepted", w.clock())
		}, "has accepted", false},
		"declined": {func(t *testing.T, w *world) string {
			w.answers(t, referral.Declined, "no_capacity")
			return w.decided(t, "declined", w.clock())
		}, "The reason they gave: They have no free places or no time.", false},
		"asked": {func(t *testing.T, w *world) string {
			w.asks(t, "form-1")
			return w.decided(t, "asked", w.clock())
		}, "has a question", false},
		"expired": {func(t *testing.T, w *world) string {
			w.answers(t, referral.Expired, "")
			return dueMessage(t, events.Lapse)
		}, "has not answered, though we asked again", false},
		"closed": {func(t *testing.T, w *world) string {
			w.closes(t)
			return dueMessage(t, events.Close)
		}, "has not told us what came of it", false},
		"escalated": {func(t *testing.T, w *world) string {
			w.handler.Planner.Pack.Organizations[1].Immerse.Fallback = "chief@immerse.example"
			return dueMessage(t, events.Escalate)
		}, "has not answered in time", true},
	}
	for name, turn := range turns {
		for _, updates := range []string{"", codes.UpdatesEvery, codes.UpdatesDecisions, codes.UpdatesNone} {
			t.Run(name+" "+updates, func(t *testing.T) {
				t.Parallel()
				w := own(t)
				w.asking(t, updates)
				message := turn.happens(t, w)
				w.runs(t, message, message)
				w.runs(t, message)
				subjects, texts := w.to(toPerson)
				wanted := updates == codes.UpdatesEvery || updates != codes.UpdatesNone && !turn.minor
				if len(texts) > 1 || (len(texts) == 1) != wanted {
					t.Fatalf("told %d times: %v", len(texts), subjects)
				}
				if !wanted {
					return
				}
				if !strings.Contains(texts[0], turn.says) || !strings.Contains(texts[0], "https://es.immerse.example/status?reference="+reference) || !strings.Contains(subjects[0], reference) {
					t.Errorf("%s\n%s", subjects[0], texts[0])
				}
				for _, personal := range []string{"canary", "Granada", "ayto", "Clases", secret} {
					if strings.Contains(subjects[0]+texts[0], personal) {
						t.Errorf("%q is in\n%s", personal, texts[0])
					}
				}
			})
		}
	}
}

// closes ends a referral that was accepted and whose outcome nobody told.
func (w *world) closes(t *testing.T) {
	t.Helper()
	w.answers(t, referral.Accepted, "")
	check(t, w.store.Answer(t.Context(), store.Step{Reference: reference, Authority: "ayto", Found: w.application(t).Ledger,
		Audit: store.Audit{At: w.clock(), Actor: "followup", Action: "expired:ayto"},
	}, store.Answer{State: referral.Expired, Reason: referral.NoOutcome, At: w.clock(), Act: "clock"}))
}

// TestWhatAcceptedAndToldNothingIsNotTakenForNoAnswer: no other authority is looked for, and nobody is told while the outcome may come.
func TestWhatAcceptedAndToldNothingIsNotTakenForNoAnswer(t *testing.T) {
	w := newWorld(t)
	w.asking(t, "")
	w.runs(t, dueMessage(t, events.Close)) // not accepted, nor over
	w.closes(t)
	w.runs(t, dueMessage(t, events.Lapse), dueMessage(t, events.Close))
	if _, texts := w.to(toPerson); len(texts) != 1 || !strings.Contains(texts[0], "closed here") || len(w.reopens.unmet) != 0 {
		t.Errorf("told %v; unmet %v", texts, w.reopens.unmet)
	}
}

// TestTurnsOutOfOrder are told as what they came to, once.
func TestTurnsOutOfOrder(t *testing.T) {
	w := newWorld(t)
	w.asking(t, "")
	w.answers(t, referral.Accepted, "")
	accepted := w.decided(t, "accepted", w.clock())
	check(t, w.store.Answer(t.Context(), store.Step{Reference: reference, Authority: "ayto", Found: w.application(t).Ledger,
		Audit: store.Audit{At: w.clock(), Actor: "authority", Action: "done:helped:ayto"},
	}, store.Answer{State: referral.Done, Outcome: "helped", At: w.clock(), Act: "form-2"}))
	w.runs(t, w.decided(t, "done", w.clock()), accepted, accepted)
	if _, texts := w.to(toPerson); len(texts) != 1 || !strings.Contains(texts[0], "has finished") {
		t.Errorf("told %d times: %v", len(texts), texts)
	}
}

// TestAnotherAuthorityIsLookedFor when that may help, and not when the person or their situation is the reason.
func TestAnotherAuthorityIsLookedFor(t *testing.T) {
	for reason, want := range map[string]int{"no_capacity": 1, "wrong_authority": 1, "cannot_reach_organization": 1, "not_eligible": 0, "client_declined": 0, "other": 0} {
		w := newWorld(t)
		w.asking(t, codes.UpdatesNone)
		w.answers(t, referral.Declined, reason)
		w.runs(t, w.decided(t, "declined", w.clock()))
		if got := len(w.reopens.unmet); got != want {
			t.Errorf("%s: %d", reason, got)
		}
	}
	w := newWorld(t)
	w.asking(t, codes.UpdatesNone)
	w.answers(t, referral.Expired, "")
	w.runs(t, dueMessage(t, events.Lapse))
	if len(w.reopens.unmet) != 1 || w.reopens.unmet[0] != reference {
		t.Errorf("of one that expired: %v", w.reopens.unmet)
	}
}

// TestOnlyWhatIsLeftIsTold: a service whose authority can't help either is no other one that may fit, and nobody is said to be
// looked for when that was done for the same need and came to nothing, or is never done.
func TestOnlyWhatIsLeftIsTold(t *testing.T) {
	const others, looked = "On your page is 1 other service that may fit.", "If another organization may help, we ask it"
	tried := []assessment.Instead{{Need: "language", Service: "classes", Round: 1, Authority: "junta"}}
	for name, test := range map[string]struct {
		change         func(found *assessment.Assessment)
		before         referral.State // of the other authority's referral; empty: it is open
		reason         string
		lapses         bool
		others, looked bool
	}{
		"the other has not answered":      {others: true, looked: true},
		"the other declined":              {before: referral.Declined, reason: "no_capacity"},
		"the other declined, for another": {before: referral.Declined, reason: "not_eligible", looked: true},
		"the other declined and somebody was asked instead": {before: referral.Declined, reason: "no_capacity", looked: true,
			change: func(found *assessment.Assessment) { found.Instead = tried }},
		"no tries are left": {others: true, change: func(found *assessment.Assessment) {
			found.Instead = append(slices.Clone(tried), tried...)
		}},
		"the other expired":            {before: referral.Expired},
		"the other was taken back":     {before: referral.Withdrawn, reason: referral.NotSaid, looked: true},
		"the other takes care":         {before: referral.Accepted, others: true},
		"an event":                     {others: true, change: func(found *assessment.Assessment) { found.Kind = codes.EventRegistration }},
		"nobody answers":               {others: true, looked: true, lapses: true},
		"nobody answers, none is left": {before: referral.Declined, reason: "no_capacity", lapses: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := own(t)
			result := found()
			result.Result.Matches = append(result.Result.Matches, match.Match{Service: "jobs", Need: "language", Verdict: eligibility.True})
			if test.change != nil {
				test.change(&result)
			}
			w.submit(t, amira("en"), result)
			w.runs(t, matched(t, reference))
			if test.before != "" {
				check(t, w.store.Answer(t.Context(), store.Step{Reference: reference, Authority: "junta", Found: w.application(t).Ledger,
					Audit: store.Audit{At: w.clock(), Actor: "authority", Action: string(test.before)},
				}, store.Answer{State: test.before, Reason: test.reason, At: w.clock(), Act: "form-0"}))
			}
			if test.lapses {
				w.answers(t, referral.Expired, "")
				w.runs(t, dueMessage(t, events.Lapse))
			} else {
				w.answers(t, referral.Declined, "no_capacity")
				w.runs(t, w.decided(t, "declined", w.clock()))
			}
			_, texts := w.to(toPerson)
			if len(texts) != 1 || strings.Contains(texts[0], others) != test.others || strings.Contains(texts[0], looked) != test.looked {
				t.Errorf("told %q", texts)
			}
			if !test.others && strings.Contains(texts[0], "other service") {
				t.Errorf("other services: %s", texts[0])
			}
		})
	}
}

func TestAnAuthorityIsToldOfAnAnswerToItsQuestion(t *testing.T) {
	w := newWorld(t)
	w.asking(t, "")
	w.asks(t, "q1")
	message := w.message(t, &events.ReferralDecidedV1{Country: "ES", Authority: "ayto", Step: events.StepAnswered, Act: "q1"})
	if back := w.run(t, message); len(back) != 1 {
		t.Fatal("the message is done before the answer is written")
	}
	check(t, w.store.Reply(t.Context(), w.application(t), store.Reply{Question: "q1", Mail: "authority-ayto", At: w.clock(), Text: []byte("sealed")}))
	w.runs(t, message, message)
	subjects, texts := w.to("ayto@immerse.example")
	if len(texts) != 1 || !strings.Contains(subjects[0], "ha respondido") || !strings.Contains(texts[0], "https://es.immerse.example/referral/") || strings.Contains(texts[0], "canary") {
		t.Errorf("%v\n%v", subjects, texts)
	}
	orphan := w.message(t, &events.ReferralDecidedV1{Country: "ES", Authority: "ayto", Step: events.StepAnswered, Act: "q2"})
	w.wait(2 * orphanAge)
	w.runs(t, orphan)
}

// classHas gives the authority's classes so many places.
func (w *world) classHas(t *testing.T, count float64) {
	t.Helper()
	w.handler.Planner.Pack.Services[0].Capacities = []hsds.Capacity{{Available: &count}}
	w.handler.Catalogue = catalogue{"": published.OfPack(w.handler.Planner.Pack)}
}

func TestWhatAPersonTakesBack(t *testing.T) {
	for name, whole := range map[string]bool{"one referral": false, "the whole case": true} {
		t.Run(name, func(t *testing.T) {
			w := own(t)
			w.classHas(t, 1)
			w.asking(t, "")
			w.answers(t, referral.Accepted, "")
			w.runs(t, w.decided(t, "accepted", w.clock()))
			check(t, w.opens(t, "ayto"))
			message := w.message(t, &events.ReferralDecidedV1{Country: "ES", Authority: "ayto", Step: events.StepWithdrawn, Act: store.ActOfPerson})
			if whole {
				message = w.message(t, &events.ApplicationWithdrawnV1{Country: "ES"})
				if back := w.run(t, message); len(back) != 1 {
					t.Error("done before it is written")
				}
				check(t, w.store.Withdraw(t.Context(), w.application(t), referral.NotSaid, w.clock()))
			} else {
				w.answers(t, referral.Withdrawn, referral.NotSaid)
			}
			w.runs(t, message, message)
			w.runs(t, message, dueMessage(t, events.Remind), dueMessage(t, events.Escalate))
			if err := w.opens(t, "ayto"); !errors.Is(err, vault.ErrSealed) {
				t.Errorf("the contact still opens: %v", err)
			}
			if standing, err := w.places.Standing(t.Context(), "classes", 1); err != nil || standing.Free != 1 {
				t.Errorf("places %+v, %v", standing, err)
			}
			subjects, texts := w.to("ayto@immerse.example")
			if len(texts) != 1 || !strings.Contains(subjects[0], "se ha retirado") || strings.Contains(texts[0], "canary") || strings.Contains(texts[0], "/referral/") {
				t.Errorf("the authority: %v\n%v", subjects, texts)
			}
			other, _ := w.to("junta@immerse.example")
			if (len(other) == 1) != whole {
				t.Errorf("the other authority: %v", other)
			}
			if mine, _ := w.to(toPerson); len(mine) != 1 {
				t.Errorf("the person: %v", mine) // of the acceptance alone
			}
		})
	}
}

// TestNobodyIsAskedForACaseThatWasTakenBack before its mails went, and a place that was held for it is free.
func TestNobodyIsAskedForACaseThatWasTakenBack(t *testing.T) {
	w := own(t)
	w.classHas(t, 1)
	w.submit(t, amira("en"), found())
	_, err := w.places.Reserve(t.Context(), places.Claim{Service: "classes", Reference: reference, Offered: 1, Until: w.clock().Add(time.Hour)})
	check(t, err)
	message := w.message(t, &events.ApplicationWithdrawnV1{Country: "ES"})
	check(t, w.store.Withdraw(t.Context(), w.application(t), referral.NotSaid, w.clock()))
	if back := w.run(t, message); len(back) != 1 {
		t.Error("whoever sends at this moment is not waited for")
	}
	w.wait(2 * orphanAge)
	w.runs(t, message, matched(t, reference))
	if len(w.ses.taken) != 0 {
		t.Errorf("sent %v", w.ses.sent())
	}
	if standing, err := w.places.Standing(t.Context(), "classes", 1); err != nil || standing.Free != 1 {
		t.Errorf("places %+v, %v", standing, err)
	}
}

func TestAuthoritiesAreToldOfAnErasure(t *testing.T) {
	w := newWorld(t)
	w.asking(t, "")
	message := w.message(t, &events.ApplicationWithdrawnV1{Country: "ES"})
	check(t, w.store.Erase(t.Context(), w.application(t), "person", w.clock()))
	w.runs(t, message, message)
	for _, authority := range []string{"ayto", "junta"} {
		if subjects, _ := w.to(authority + "@immerse.example"); len(subjects) != 1 {
			t.Errorf("%s: %v", authority, subjects)
		}
	}
	if len(w.reopens.over) == 0 || w.reopens.over[0] != reference {
		t.Errorf("the places of %v are looked for", w.reopens.over)
	}
	if len(w.ses.taken) != 5 {
		t.Errorf("sent %v", w.ses.sent())
	}
}

// TestABlowWhileATurnIsTold: what is written down is told once, whatever call fails or is the last; twice only if nobody knows
// whether it went.
func TestABlowWhileATurnIsTold(t *testing.T) {
	for name, happens := range map[string]func(t *testing.T, w *world) (message, mail string){
		"declined": func(t *testing.T, w *world) (string, string) {
			w.answers(t, referral.Declined, "no_capacity")
			return w.decided(t, "declined", w.clock()), "declined-ayto"
		},
		"withdrawn": func(t *testing.T, w *world) (string, string) {
			message := w.message(t, &events.ApplicationWithdrawnV1{Country: "ES"})
			check(t, w.store.Withdraw(t.Context(), w.application(t), referral.NotSaid, w.clock()))
			return message, "withdrawn-ayto"
		},
	} {
		for _, fall := range []blow{dieBefore, dieAfter} { // an error at a call is as a death there
			for at, struck := 1, true; struck; at++ {
				w := own(t)
				w.classHas(t, 1)
				w.asking(t, "")
				message, mail := happens(t, w)
				b := &brittle{w: w, blow: func(call int, _ string) blow {
					if call == at {
						return fall
					}
					return none
				}}
				before := len(w.ses.taken)
				b.process(t, message)
				struck = len(b.struck) > 0
				possible := w.unrecorded(t, reference, w.ses.taken[before:])
				w.wait(6 * w.budget)
				w.runs(t, message)
				if sent := w.ses.sent()[mail]; sent < 1 || sent > 1+possible {
					t.Errorf("%s, call %d, blow %d (%v): told %d times", name, at, fall, b.struck, sent)
				}
				if standing, err := w.places.Standing(t.Context(), "classes", 1); err != nil || standing.Free != 1 {
					t.Errorf("%s, call %d, blow %d: places %+v, %v", name, at, fall, standing, err)
				}
				if name == "declined" && len(w.reopens.unmet) == 0 {
					t.Errorf("call %d, blow %d: nobody is looked for", at, fall)
				}
			}
		}
	}
}
