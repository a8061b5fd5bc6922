package referral_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/referral"
)

// acts are all that can be made, each choice of codes once.
func acts() []referral.Act {
	var made []referral.Act
	for _, verb := range referral.Verbs {
		for _, outcome := range append([]string{""}, referral.Outcomes...) {
			for _, reason := range everyReason() {
				if act, err := referral.NewAct(verb, outcome, reason); err == nil {
					made = append(made, act)
				}
			}
		}
	}
	return made
}

func everyReason() []string {
	return slices.Concat([]string{"", "unheard_of"}, referral.DeclineReasons, referral.NotHelpedWhy, referral.WithdrawReasons, referral.ExpireReasons)
}

func act(t testing.TB, verb referral.Verb, outcome, reason string) referral.Act {
	t.Helper()
	made, err := referral.NewAct(verb, outcome, reason)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// in makes a referral in each state, by steps that lead there.
func in(t testing.TB) map[referral.State]referral.Referral {
	t.Helper()
	must := func(r referral.Referral, act referral.Act) referral.Referral {
		next, err := r.Decide(act)
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	created := referral.Referral{}
	sent := created.Heard("first", referral.Known(referral.HandedOver))
	delivered := sent.Heard("first", referral.Known(referral.Arrived))
	accepted := must(delivered, act(t, referral.Accept, "", ""))
	return map[referral.State]referral.Referral{
		referral.Created: created, referral.Sent: sent, referral.Delivered: delivered, referral.Accepted: accepted,
		referral.Bounced:   sent.Heard("first", referral.Known(referral.PermanentBounce)),
		referral.Declined:  must(delivered, act(t, referral.Decline, "", "no_capacity")),
		referral.Done:      must(accepted, act(t, referral.Finish, "helped", "")),
		referral.Expired:   must(delivered, act(t, referral.Expire, "", "")),
		referral.Withdrawn: must(delivered, act(t, referral.Withdraw, "", "not_said")),
	}
}

// possible is the machine of issue 6 said once more, by hand: what each verb makes of each state.
var possible = map[referral.Verb]map[referral.State]referral.State{
	referral.Accept:   from(referral.Accepted, open...),
	referral.Decline:  from(referral.Declined, open...),
	referral.Finish:   from(referral.Done, referral.Accepted),
	referral.Withdraw: from(referral.Withdrawn, append(slices.Clone(open), referral.Accepted)...),
	referral.Expire:   from(referral.Expired, append(slices.Clone(open), referral.Accepted)...),
}

var open = []referral.State{referral.Created, referral.Sent, referral.Delivered, referral.Bounced}

func from(to referral.State, states ...referral.State) map[referral.State]referral.State {
	steps := map[referral.State]referral.State{}
	for _, state := range states {
		steps[state] = to
	}
	return steps
}

func TestEveryStateAndEveryAct(t *testing.T) {
	states, tried := in(t), 0
	if len(states) != len(referral.States) {
		t.Fatalf("%d states are tried, there are %d", len(states), len(referral.States))
	}
	for _, state := range referral.States {
		before := states[state]
		if before.State() != state {
			t.Fatalf("meant to be %s, is %s", state, before.State())
		}
		for _, act := range acts() {
			tried++
			after, err := before.Decide(act)
			want, ok := possible[act.Verb()][state]
			switch {
			case ok && (err != nil || after.State() != want):
				t.Errorf("%s + %s = %s, %v; want %s", state, act.Verb(), after.State(), err, want)
			case !ok:
				refused := new(referral.Refused)
				if !errors.As(err, &refused) || refused.Answer != before.Answer || after.State() != state {
					t.Errorf("%s + %s = %s, %v; want a refusal", state, act.Verb(), after.State(), err)
				}
			}
		}
		if got, want := state.Open(), slices.Contains(open, state); got != want {
			t.Errorf("%s.Open() = %v", state, got)
		}
		if _, goesOn := possible[referral.Expire][state]; state.Final() == goesOn {
			t.Errorf("%s.Final() = %v, and it expires: %v", state, state.Final(), goesOn)
		}
	}
	t.Logf("%d pairs of state and act", tried)
}

func TestEveryStateAndEveryFact(t *testing.T) {
	// What a further report of the same mail makes of each open state (of a referral that was answered, nothing),
	// in the order of AllFacts: sent, delayed, transient bounce; delivered, complained; permanent bounce, refused.
	row := func(first, then, last referral.State) []referral.State {
		return []referral.State{first, first, first, then, then, last, last}
	}
	want := map[referral.State][]referral.State{
		referral.Created:   row(referral.Sent, referral.Delivered, referral.Bounced),
		referral.Sent:      row(referral.Sent, referral.Delivered, referral.Bounced),
		referral.Delivered: row(referral.Delivered, referral.Delivered, referral.Bounced),
		referral.Bounced:   row(referral.Bounced, referral.Bounced, referral.Bounced),
	}
	for state, before := range in(t) {
		for i, fact := range referral.AllFacts {
			expected := state
			if state.Open() {
				expected = want[state][i]
			}
			if after := before.Heard("first", referral.Known(fact)).State(); after != expected {
				t.Errorf("%s + %s = %s, want %s", state, fact, after, expected)
			}
		}
	}
}

func TestAnotherAddressGivesHopeAgain(t *testing.T) {
	bounced := in(t)[referral.Bounced]
	sent := bounced.Heard("fallback", referral.Known(referral.HandedOver))
	if sent.State() != referral.Sent {
		t.Errorf("a mail to another address: %s", sent.State())
	}
	if got := sent.Heard("fallback", referral.Known(referral.Arrived)).State(); got != referral.Delivered {
		t.Errorf("it arrived: %s", got)
	}
	if got := sent.Heard("fallback", referral.Known(referral.PermanentBounce)).State(); got != referral.Bounced {
		t.Errorf("it bounced as well: %s", got)
	}
}

func TestWhyItExpired(t *testing.T) {
	expire, states := act(t, referral.Expire, "", ""), in(t)
	for state, want := range map[referral.State]string{
		referral.Created: referral.NoAnswer, referral.Sent: referral.NoAnswer, referral.Delivered: referral.NoAnswer,
		referral.Bounced: referral.Unreachable, referral.Accepted: referral.NoOutcome,
	} {
		expired, err := states[state].Decide(expire)
		if err != nil || expired.Reason() != want {
			t.Errorf("expired from %s: reason %q, %v; want %q", state, expired.Reason(), err, want)
		}
	}
	late, _ := states[referral.Sent].Decide(expire)
	if got := late.Heard("first", referral.Known(referral.PermanentBounce)).Reason(); got != referral.Unreachable {
		t.Errorf("a bounce reported after the expiry: reason %q", got)
	}
}

func TestNothingIsClosedWithoutItsCodes(t *testing.T) {
	for _, c := range []struct {
		verb            referral.Verb
		outcome, reason string
		want            error
	}{
		{"", "", "", referral.ErrVerb},
		{"delete", "", "", referral.ErrVerb},
		{referral.Decline, "", "", referral.ErrReason},
		{referral.Decline, "", "because", referral.ErrReason},
		{referral.Decline, "", "did_not_come", referral.ErrReason}, // of another list
		{referral.Decline, "helped", "other", referral.ErrCode},
		{referral.Finish, "", "", referral.ErrOutcome},
		{referral.Finish, "", "other", referral.ErrOutcome},
		{referral.Finish, "saved", "", referral.ErrOutcome},
		{referral.Finish, referral.NotHelped, "", referral.ErrReason},
		{referral.Finish, "helped", "other", referral.ErrCode},
		{referral.Withdraw, "", "", referral.ErrReason},
		{referral.Accept, "", "other", referral.ErrCode},
		{referral.Expire, "", referral.NoAnswer, referral.ErrCode},
	} {
		if _, err := referral.NewAct(c.verb, c.outcome, c.reason); !errors.Is(err, c.want) {
			t.Errorf("NewAct(%q, %q, %q): %v, want %v", c.verb, c.outcome, c.reason, err, c.want)
		}
	}
	for state, r := range in(t) {
		if _, err := r.Decide(referral.Act{}); err == nil {
			t.Errorf("%s: an act of nothing was taken", state)
		}
	}
}

func TestAnAnswerIsStoredWhole(t *testing.T) {
	reached := map[referral.Answer]bool{{}: true}
	for _, first := range acts() {
		answer, err := referral.Answer{}.After(first)
		if err != nil {
			continue
		}
		reached[answer] = true
		for _, second := range acts() {
			if next, err := answer.After(second); err == nil {
				reached[next] = true
			}
		}
	}
	for answer := range reached {
		back, err := referral.RestoreAnswer(answer.State(), answer.Outcome(), answer.Reason())
		if err != nil || back != answer {
			t.Errorf("%q came back as %q: %v", answer.Code(), back.Code(), err)
		}
	}
	// Everything that can be written and was not reached is refused.
	for _, state := range append([]referral.State{"", "unheard_of"}, referral.States...) {
		for _, outcome := range append([]string{"", "unheard_of"}, referral.Outcomes...) {
			for _, reason := range everyReason() {
				answer, err := referral.RestoreAnswer(state, outcome, reason)
				if err == nil && !reached[answer] {
					t.Errorf("%q is restored, though nothing leads there", answer.Code())
				}
			}
		}
	}
}

func TestFactsThatAVersionDoesNotKnow(t *testing.T) {
	facts := referral.FactsOf("sent", "read_aloud", "delivered", "sent")
	if got := fmt.Sprint(facts.Codes()); got != "[sent delivered]" {
		t.Errorf("codes %s", got)
	}
}

func TestBouncesByMeaning(t *testing.T) {
	for _, c := range []struct {
		facts     []referral.Fact
		state     referral.State
		auto      bool
		dead      bool
		situation string
	}{
		{[]referral.Fact{referral.TransientBounce, referral.Arrived}, referral.Delivered, true, false, "an automatic reply"},
		{[]referral.Fact{referral.HandedOver, referral.TransientBounce}, referral.Sent, false, false, "a full mailbox"},
		{[]referral.Fact{referral.Arrived, referral.PermanentBounce}, referral.Bounced, false, true, "a mailbox found missing later"},
		{[]referral.Fact{referral.Arrived, referral.Complained}, referral.Delivered, false, true, "called spam"},
		{[]referral.Fact{referral.NotTaken}, referral.Bounced, false, true, "an address that can't be used"},
	} {
		facts := referral.Known(c.facts...)
		if facts.State() != c.state || facts.AutoReply() != c.auto || facts.Dead() != c.dead {
			t.Errorf("%s: %s, auto-reply %v, dead %v", c.situation, facts.State(), facts.AutoReply(), facts.Dead())
		}
	}
}

// TestReportsInAnyOrder is the property that the feedback queue relies on: shuffled and repeated, the same reports come
// to the same state, wherever an answer comes among them.
func TestReportsInAnyOrder(t *testing.T) {
	type report struct {
		mail string
		fact referral.Fact
	}
	rapid.Check(t, func(t *rapid.T) {
		reports := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) report {
			return report{rapid.SampledFrom([]string{"first", "fallback"}).Draw(t, "mail"), rapid.SampledFrom(referral.AllFacts).Draw(t, "fact")}
		}), 1, 12).Draw(t, "reports")
		again := rapid.SliceOf(rapid.SampledFrom(reports)).Draw(t, "repeated")
		shuffled := rapid.Permutation(append(slices.Clone(reports), again...)).Draw(t, "shuffled")
		answered := rapid.SampledFrom(acts()).Draw(t, "act")
		run := func(reports []report, answerAt int) referral.Referral {
			r := referral.Referral{}
			for i, report := range reports {
				if i == answerAt {
					r, _ = r.Decide(answered)
				}
				r = r.Heard(report.mail, referral.Known(report.fact))
			}
			if answerAt >= len(reports) {
				r, _ = r.Decide(answered)
			}
			return r
		}
		one := run(reports, rapid.IntRange(0, len(reports)).Draw(t, "answered"))
		other := run(shuffled, rapid.IntRange(0, len(shuffled)).Draw(t, "answered otherwise"))
		if one.State() != other.State() || one.Reason() != other.Reason() {
			t.Fatalf("%s (%s) in one order, %s (%s) in another", one.State(), one.Reason(), other.State(), other.Reason())
		}
	})
}

// TestJoinIsAJoin: associative, commutative, idempotent, and never less than either.
func TestJoinIsAJoin(t *testing.T) {
	sets := rapid.Custom(func(t *rapid.T) referral.Facts {
		return referral.Known(rapid.SliceOf(rapid.SampledFrom(referral.AllFacts)).Draw(t, "facts")...)
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := sets.Draw(t, "a"), sets.Draw(t, "b"), sets.Draw(t, "c")
		if a.Join(b) != b.Join(a) || a.Join(b).Join(c) != a.Join(b.Join(c)) || a.Join(a) != a {
			t.Fatalf("not a join: %v %v %v", a.Codes(), b.Codes(), c.Codes())
		}
		for _, fact := range referral.AllFacts {
			if (a.Has(fact) || b.Has(fact)) != a.Join(b).Has(fact) {
				t.Fatalf("%s: in %v and %v, not in the join", fact, a.Codes(), b.Codes())
			}
		}
		if referral.FactsOf(a.Codes()...) != a {
			t.Fatalf("%v is not stored whole", a.Codes())
		}
	})
}
