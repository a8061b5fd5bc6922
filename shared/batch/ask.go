package batch

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/groups"
	"github.com/miict/immerse/shared/match"
)

// asked is a request on its way to an outcome.
type asked struct {
	reference, need string
	group           string
	offers          []offer
	missed          []eligibility.Reason
	given           *offer
	round           eligibility.Verdict // in which it was given
	free            bool                // would have a place without floors
}

// offer is a match with a service of the batch.
type offer struct {
	service string
	points  int64
	lot     int64
	sure    bool
	reasons []eligibility.Reason
}

// ask finds what each person asks for, and what the engine finds for them. They are put in the order of references.
func ask(engine match.Engine, call Call, people []Person) (all []*asked, version string) {
	people = slices.Clone(people)
	slices.SortFunc(people, func(a, b Person) int { return strings.Compare(a.Reference, b.Reference) })
	var names []string
	for _, person := range people {
		needs := wanted(person.Profile.Needs, call.Needs)
		if len(needs) == 0 {
			continue
		}
		profile := person.Profile
		profile.Needs = needs
		result := engine.Match(profile, call.At)
		version = result.Catalogue
		group := groups.Name(call.FloorBy, profile, call.At)
		if len(call.FloorBy) == 0 {
			group = everybody
		}
		for _, need := range needs {
			all = append(all, &asked{reference: person.Reference, need: need, missed: missed(result.Misses, need, call)})
			names = append(names, group)
		}
		offers(all[len(all)-len(needs):], result.Matches, call)
	}
	for i, name := range groups.Merge(names) {
		all[i].group = name
	}
	return all, version
}

// everybody is the group where there are no floors.
const everybody = "everybody"

// wanted are the person's needs that the call is for, each once.
func wanted(needs, called []string) (both []string) {
	for _, need := range needs {
		if slices.Contains(called, need) && !slices.Contains(both, need) {
			both = append(both, need)
		}
	}
	return both
}

// offers gives one person's requests their offers. A service that serves several needs of a person counts for the one
// named first, so that nobody gets two places of one service.
func offers(own []*asked, matches []match.Match, call Call) {
	used := map[string]bool{}
	for _, request := range own {
		for _, m := range matches {
			if _, called := call.Places[m.Service]; !called || m.Need != request.need || used[m.Service] {
				continue
			}
			used[m.Service] = true
			request.offers = append(request.offers, offer{
				service: m.Service, points: int64(math.Round(m.Score * pointsOfOne)), sure: m.Verdict == eligibility.True,
				lot: Lot(call.ID, request.reference, m.Service), reasons: m.Reasons,
			})
		}
		slices.SortFunc(request.offers, func(a, b offer) int { return cmp.Compare(a.service, b.service) })
	}
}

// pointsOfOne are the points of the score 1: scores have four decimals.
const pointsOfOne = 10_000

// missed are the rules that a request misses, of the nearest service of the batch.
func missed(misses []match.Miss, need string, call Call) []eligibility.Reason {
	for _, miss := range misses {
		if _, called := call.Places[miss.Service]; called && miss.Need == need {
			return miss.Reasons
		}
	}
	return []eligibility.Reason{{Code: ReasonOutsideArea}}
}
