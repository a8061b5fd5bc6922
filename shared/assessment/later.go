package assessment

import (
	"cmp"
	"slices"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
)

// A Later is a match that was found, or had a place again, in a round after the first, which is 0.
type Later struct {
	Service string `json:"service"`
	Need    string `json:"need"`
	Round   int    `json:"round"`
}

// Round gives the matches whose authorities are written to in a round, in their order.
func (a Assessment) Round(round int) []match.Match {
	var matches []match.Match
	for _, m := range a.Result.Matches {
		if a.RoundOf(m) == round {
			matches = append(matches, m)
		}
	}
	return matches
}

// Told gives the matches of a round whose authorities are written to: all but those that wait for a place.
func (a Assessment) Told(round int) []match.Match {
	return slices.DeleteFunc(a.Round(round), func(m match.Match) bool { return a.IsWaiting(m.Service) })
}

// RoundOf gives the round in which a match was found, or had a place again.
func (a Assessment) RoundOf(m match.Match) int {
	if i := a.later(m.Service, m.Need); i >= 0 {
		return a.Later[i].Round
	}
	return 0
}

func (a Assessment) later(service, need string) int {
	return slices.IndexFunc(a.Later, func(l Later) bool { return l.Service == service && l.Need == need })
}

// Has tells whether a service was matched for a need.
func (a Assessment) Has(service, need string) bool {
	return slices.ContainsFunc(a.Result.Matches, func(m match.Match) bool { return m.Service == service && m.Need == need })
}

// Room is how many more matches are told for a need when perNeed is the most.
func (a Assessment) Room(need string, perNeed int) int {
	for _, m := range a.Result.Matches {
		if m.Need == need {
			perNeed--
		}
	}
	return perNeed
}

// Open tells whether there may be more to find: a need has fewer matches than are told, or a service had no place.
func (a Assessment) Open(needs []string, perNeed int) bool {
	return len(a.Waiting) > 0 || slices.ContainsFunc(needs, func(need string) bool { return a.Room(need, perNeed) > 0 })
}

// IsWaiting tells whether a service had no place.
func (a Assessment) IsWaiting(service string) bool { return slices.Contains(a.Waiting, service) }

// Reasons gives why a match fits, as it stands: what waits for a place isn't said to have places free, though its entry said
// so when it was matched.
func (a Assessment) Reasons(m match.Match) []eligibility.Reason {
	if !a.IsWaiting(m.Service) {
		return m.Reasons
	}
	return slices.DeleteFunc(slices.Clone(m.Reasons), func(r eligibility.Reason) bool {
		return r.Code == eligibility.ReasonPlacesAvailable
	})
}

// Add puts a match in its place, as found in a round. A match that waited for a place is taken up again in that round, as it
// is now; one that was told before stays as it is. It tells whether there is anything to tell.
func (a *Assessment) Add(m match.Match, needs []string, round int) bool {
	if a.Has(m.Service, m.Need) && !a.IsWaiting(m.Service) {
		return false
	}
	a.Result.Matches = slices.DeleteFunc(slices.Clone(a.Result.Matches), func(former match.Match) bool {
		return former.Service == m.Service && former.Need == m.Need
	})
	a.Result.Matches = append(a.Result.Matches, m)
	slices.SortStableFunc(a.Result.Matches, func(x, y match.Match) int {
		return cmp.Or(
			cmp.Compare(slices.Index(needs, x.Need), slices.Index(needs, y.Need)), cmp.Compare(y.Verdict, x.Verdict),
			cmp.Compare(y.Score, x.Score), cmp.Compare(x.Service, y.Service),
		)
	})
	a.Result.Misses = slices.DeleteFunc(slices.Clone(a.Result.Misses), func(miss match.Miss) bool {
		return miss.Service == m.Service && miss.Need == m.Need
	})
	a.Later = slices.Clone(a.Later)
	if i := a.later(m.Service, m.Need); i >= 0 {
		a.Later[i].Round = round
	} else {
		a.Later = append(a.Later, Later{m.Service, m.Need, round})
	}
	return true
}

// Arrived takes services off those waited for: their authorities are written to in the next round.
func (a *Assessment) Arrived(services []string) {
	a.Waiting = slices.DeleteFunc(slices.Clone(a.Waiting), func(waiting string) bool { return slices.Contains(services, waiting) })
}
