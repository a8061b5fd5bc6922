package referral_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/referral"
)

// A machine drives a referral at random beside a model that is as plain as can be: a word for what was decided, and a
// word for each mail.
type machine struct {
	r       referral.Referral
	decided string
	mails   map[string]string
	acts    []referral.Act
}

func (m *machine) Answer(t *rapid.T) {
	act := rapid.SampledFrom(m.acts).Draw(t, "act")
	want, ok := map[string]map[referral.Verb]string{
		"":         {referral.Accept: "accepted", referral.Decline: "declined", referral.Withdraw: "withdrawn", referral.Expire: "expired"},
		"accepted": {referral.Finish: "done", referral.Withdraw: "withdrawn", referral.Expire: "expired"},
	}[m.decided][act.Verb()]
	next, err := m.r.Decide(act)
	refused := new(referral.Refused)
	if ok != (err == nil) || err != nil && !errors.As(err, &refused) {
		t.Fatalf("%s of one that is %q: %v", act.Verb(), m.decided, err)
	}
	if ok {
		m.r, m.decided = next, want
	}
}

func (m *machine) Report(t *rapid.T) {
	mail := rapid.SampledFrom([]string{"first", "reminder", "fallback"}).Draw(t, "mail")
	fact := rapid.SampledFrom(referral.AllFacts).Draw(t, "fact")
	m.r = m.r.Heard(mail, referral.Known(fact))
	switch known := m.mails[mail]; {
	case known == "lost":
	case fact == referral.PermanentBounce || fact == referral.NotTaken:
		m.mails[mail] = "lost"
	case known == "there":
	case fact == referral.Arrived || fact == referral.Complained:
		m.mails[mail] = "there"
	default:
		m.mails[mail] = "under way"
	}
}

// Store writes the referral down and reads it back, as happens between any two steps.
func (m *machine) Store(t *rapid.T) {
	a := m.r.Answer
	answer, err := referral.RestoreAnswer(a.State(), a.Outcome(), a.Reason())
	if err != nil {
		t.Fatal(err)
	}
	back := referral.Referral{Answer: answer}
	for mail, facts := range m.r.Mails {
		back = back.Heard(mail, referral.FactsOf(facts.Codes()...))
	}
	m.r = back
}

func (m *machine) Check(t *rapid.T) {
	want := m.decided
	if want == "" {
		want = "created"
		for _, word := range []struct{ mail, state string }{{"lost", "bounced"}, {"under way", "sent"}, {"there", "delivered"}} {
			for _, mail := range m.mails {
				if mail == word.mail {
					want = word.state
				}
			}
		}
	}
	if got := m.r.State(); string(got) != want {
		t.Fatalf("state %s, want %s", got, want)
	}
	if final, reason := m.r.State(), m.r.Reason(); (final == referral.Declined || final == referral.Expired || final == referral.Withdrawn) && reason == "" {
		t.Fatalf("%s without a reason", final)
	}
	if m.r.State() == referral.Done && m.r.Answer.Outcome() == "" {
		t.Fatal("done without an outcome")
	}
}

func TestMachine(t *testing.T) {
	all := acts()
	rapid.Check(t, func(t *rapid.T) {
		t.Repeat(rapid.StateMachineActions(&machine{mails: map[string]string{}, acts: all}))
	})
}
