package assessment_test

import (
	"testing"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/referral"
)

// stands is an authority with what was decided about its referral: a state, and a reason or an outcome where it has one.
func stands(t *testing.T, authority string, state referral.State, outcome, reason string) assessment.Standing {
	t.Helper()
	answer, err := referral.RestoreAnswer(state, outcome, reason)
	if err != nil {
		t.Fatal(err)
	}
	return assessment.Standing{Authority: authority, Referral: referral.Referral{Answer: answer}}
}

// TestWhatIsToldBesideAReferral: the person is told of the referral to the council about a and b, both for legal help. c is another
// service for it, of the union. There is hope only where it is known that somebody is still looked for.
func TestWhatIsToldBesideAReferral(t *testing.T) {
	declined := stands(t, "council", referral.Declined, "", "no_capacity")
	expired := stands(t, "council", referral.Expired, "", "")
	union := func(state referral.State, outcome, reason string) assessment.Standing {
		return stands(t, "union", state, outcome, reason)
	}
	tried := func(authority string, after ...int) (tries []assessment.Instead) {
		for _, round := range after {
			tries = append(tries, assessment.Instead{Need: "legal", Service: "c", Round: round + 1, Authority: authority, After: round})
		}
		return tries
	}
	for name, c := range map[string]struct {
		kind       string
		own, other assessment.Standing
		instead    []assessment.Instead
		waiting    []string
		later      []assessment.Later
		others     int
		hope       bool
		round      int
	}{
		"declined, nobody knows who answers for the other":  {own: declined},
		"declined, the other is open":                       {own: declined, other: union("", "", ""), others: 1, hope: true},
		"nobody answered, the other is open":                {own: expired, other: union("", "", ""), others: 1, hope: true},
		"the council has not answered":                      {own: stands(t, "council", "", "", ""), other: union("", "", ""), others: 1},
		"the council takes care":                            {own: stands(t, "council", referral.Accepted, "", ""), other: union("", "", ""), others: 1},
		"accepted, and no outcome was told":                 {own: stands(t, "council", referral.Expired, "", referral.NoOutcome), other: union("", "", ""), others: 1},
		"declined as the person wants no help":              {own: stands(t, "council", referral.Declined, "", "client_declined"), other: union("", "", ""), others: 1},
		"taken back by the person":                          {own: stands(t, "council", referral.Withdrawn, "", "changed_mind"), other: union("", "", ""), others: 1},
		"declined, the other takes care":                    {own: declined, other: union(referral.Accepted, "", ""), others: 1},
		"declined, the other helped":                        {own: declined, other: union(referral.Done, "helped", "")},
		"declined, the other could not help":                {own: declined, other: union(referral.Done, referral.NotHelped, "other"), hope: true},
		"both declined, nobody was found after the other":   {own: declined, other: union(referral.Declined, "", "no_capacity")},
		"both declined, somebody was found after the other": {own: declined, other: union(referral.Declined, "", "no_capacity"), instead: tried("union", 0), hope: true},
		"somebody was found after this one":                 {own: declined, other: union("", "", ""), instead: tried("council", 0), others: 1},
		"no tries are left":                                 {own: declined, other: union("", "", ""), instead: tried("else", 0, 1), others: 1},
		"one try is left":                                   {own: declined, other: union("", "", ""), instead: tried("else", 0), others: 1, hope: true},
		"nobody else is asked for a volunteer":              {kind: codes.Volunteer, own: declined, other: union("", "", ""), others: 1},
		"experts are looked for":                            {kind: codes.ExpertQuestion, own: declined, other: union("", "", ""), others: 1, hope: true},
		"the other waits for a place":                       {own: declined, waiting: []string{"c"}, hope: true},
		"none of the council's was told":                    {own: declined, other: union("", "", ""), waiting: []string{"a", "b"}},
		"another round":                                     {own: declined, other: union("", "", ""), round: 1},
		"the other is of a later round":                     {own: declined, other: union("", "", ""), later: []assessment.Later{{Service: "c", Need: "legal", Round: 1}}, others: 1, hope: true},
	} {
		t.Run(name, func(t *testing.T) {
			a := assessment.Assessment{Kind: c.kind, Instead: c.instead, Waiting: c.waiting, Later: c.later, Result: match.Result{Matches: []match.Match{
				found("a", "legal", 0.9, eligibility.True), found("b", "legal", 0.8, eligibility.True), found("c", "legal", 0.7, eligibility.True),
			}}}
			others, hope := a.Rest("council", c.round, func(m match.Match) assessment.Standing {
				if m.Service == "c" {
					return c.other
				}
				return c.own
			})
			if others != c.others || hope != c.hope {
				t.Errorf("%d others, hope %v; not %d, %v", others, hope, c.others, c.hope)
			}
		})
	}
}

// TestEachNeedIsLookedAtForItself: a service for two needs is one, a need that the referral is not about doesn't count, and there is
// hope if there is for one of them.
func TestEachNeedIsLookedAtForItself(t *testing.T) {
	a := assessment.Assessment{Result: match.Result{Matches: []match.Match{
		found("a", "legal", 0.9, eligibility.True), found("c", "legal", 0.7, eligibility.True),
		found("b", "language", 0.9, eligibility.True), found("c", "language", 0.7, eligibility.True), found("e", "language", 0.6, eligibility.True),
		found("f", "health", 0.9, eligibility.True),
	}}}
	who := map[string]assessment.Standing{
		"a": stands(t, "council", referral.Declined, "", "no_capacity"), "b": stands(t, "council", referral.Declined, "", "no_capacity"),
		"c": stands(t, "union", "", "", ""), "e": stands(t, "school", referral.Accepted, "", ""), "f": stands(t, "clinic", referral.Accepted, "", ""),
	}
	others, hope := a.Rest("council", 0, func(m match.Match) assessment.Standing { return who[m.Service] })
	if others != 2 || !hope {
		t.Errorf("%d others, hope %v; not c and e, and hope for legal help", others, hope)
	}
}
