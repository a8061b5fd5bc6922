package assessment

import (
	"cmp"
	"slices"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/referral"
)

// A Standing is who answers for a match and how far the referral about it is. Without an authority it isn't known.
type Standing struct {
	Authority string // the id of the organization
	Referral  referral.Referral
}

// Rest is what a person can be told of beside a referral to an authority. others counts the other services for the same needs
// whose referrals haven't ended. hope tells that another authority is looked for; it is false unless that is known: when a look
// for the same need came to nothing, none may be left.
func (a Assessment) Rest(authority string, round int, of func(match.Match) Standing) (others int, hope bool) {
	own := func(m match.Match) bool { return of(m).Authority == authority && a.RoundOf(m) == round }
	var needs, seen []string
	for _, m := range a.Result.Matches {
		if !own(m) || a.IsWaiting(m.Service) {
			continue
		}
		seen = append(seen, m.Service)
		if !slices.Contains(needs, m.Need) {
			needs = append(needs, m.Need)
			hope = hope || lookedFor(of(m).Referral) && a.another(m.Need, own, of)
		}
	}
	for _, m := range a.Result.Matches {
		stands := of(m)
		if stands.Authority == "" || stands.Referral.State().Final() || slices.Contains(seen, m.Service) || !slices.Contains(needs, m.Need) {
			continue
		}
		seen = append(seen, m.Service)
		others++
	}
	return others, hope
}

// another tells whether another authority is still to be looked for, for a need: tries are left, nobody takes care of it, and no
// referral about it ended without one being found.
func (a Assessment) another(need string, own func(match.Match) bool, of func(match.Match) Standing) bool {
	if !slices.Contains(codes.Seeking, cmp.Or(a.Kind, codes.Support)) || a.Tries(need) >= MostTries {
		return false
	}
	return !slices.ContainsFunc(a.Result.Matches, func(m match.Match) bool {
		if m.Need != need || a.IsWaiting(m.Service) {
			return false
		}
		stands := of(m)
		tried := a.Tried(need, stands.Authority, a.RoundOf(m))
		if own(m) {
			return tried // what came of it has a referral of its own
		}
		answer := stands.Referral.Answer
		helps := answer.State() == referral.Accepted || answer.State() == referral.Done && answer.Outcome() != referral.NotHelped
		return stands.Authority == "" || helps || lookedFor(stands.Referral) && !tried
	})
}

// lookedFor tells whether a referral ended in a way after which another authority is looked for (functions/percolation).
func lookedFor(r referral.Referral) bool {
	switch r.Answer.State() {
	case referral.Declined:
		return slices.Contains(referral.Elsewhere, r.Answer.Reason())
	case referral.Expired:
		return r.Answer.Reason() == "" // who accepted and told no outcome may have helped
	default:
		return false
	}
}
