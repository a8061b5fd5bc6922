package match

import (
	"cmp"
	"slices"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// Linear is the engine that looks at every service of the person's needs. It is what the others are measured by.
type Linear struct{ catalogue *Catalogue }

// NewLinear gives the engine for a catalogue.
func NewLinear(catalogue *Catalogue) *Linear { return &Linear{catalogue: catalogue} }

// Match implements Engine.
func (l *Linear) Match(p eligibility.Profile, at time.Time) Result {
	result := Result{Catalogue: l.catalogue.version, Matches: []Match{}, Misses: []Miss{}}
	person := l.catalogue.person(p, at)
	for i, need := range p.Needs {
		if slices.Contains(p.Needs[:i], need) {
			continue
		}
		found, missed := l.catalogue.search(l.catalogue.byNeed[need], person)
		for _, c := range found {
			result.Matches = append(result.Matches, c.match(l.catalogue, need, person))
		}
		for _, c := range missed {
			reasons := c.entry.rules.Explain(&person.facts, c.judged).Reasons
			result.Misses = append(result.Misses, Miss{Service: c.entry.id, Need: need, Reasons: reasons})
		}
	}
	return result
}

// candidate is a service that is offered where the person lives, judged but not yet explained.
type candidate struct {
	entry  *entry
	judged eligibility.Judgement
	place  place
	score  float64
}

// search judges entries, which are in the order of ids, and gives what was found, the best first, and the nearest
// misses, the nearest first.
func (c *Catalogue) search(entries []*entry, p *person) (found, missed []candidate) {
	for _, e := range entries {
		place, here := e.locate(p)
		if !here {
			continue
		}
		freshness, offered := e.freshness(p.today)
		if !offered {
			continue
		}
		at := candidate{entry: e, judged: e.rules.Judge(&p.facts), place: place}
		if at.judged.Verdict == eligibility.False {
			missed = keepNearest(missed, at)
			continue
		}
		language, _ := rank.LanguageFit(e.languages, p.languages, p.languagesSaid)
		at.score = rank.Components{
			Closeness: place.closeness, Language: language, Level: e.levelFit(p, at.judged.Clause),
			Capacity: e.capacity, Freshness: freshness, Priority: e.priority,
		}.Score(c.weights, e.assured)
		found = append(found, at)
	}
	// Stable, and the entries were in the order of ids: ties are broken on the id.
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.judged.Verdict, a.judged.Verdict), cmp.Compare(b.score, a.score))
	})
	return found, missed
}

// keepNearest puts a miss into a list of the nearest, sorted by how many constraints failed and then by arrival, which
// is in the order of ids.
func keepNearest(nearest []candidate, miss candidate) []candidate {
	at := len(nearest)
	for at > 0 && nearest[at-1].judged.Failed > miss.judged.Failed {
		at--
	}
	if at >= MissesPerNeed {
		return nearest
	}
	nearest = slices.Insert(nearest, at, miss)
	return nearest[:min(len(nearest), MissesPerNeed)]
}

// match explains a candidate.
func (a *candidate) match(c *Catalogue, need string, p *person) Match {
	explained := a.entry.rules.Explain(&p.facts, a.judged)
	reasons := explained.Reasons
	if a.place.area != "" {
		reasons = append(reasons, c.areaReasons[a.place.area])
	}
	if a.entry.online {
		reasons = append(reasons, online)
	}
	if _, best := rank.LanguageFit(a.entry.languages, p.languages, p.languagesSaid); best >= 0 {
		reasons = append(reasons, eligibility.Reason{
			Code: eligibility.ReasonSharedLanguage, Params: eligibility.Params{"language": p.languages[best].Code},
		})
	}
	if a.entry.places != nil {
		reasons = append(reasons, *a.entry.places)
	}
	missing := explained.Missing
	if missing == nil {
		missing = []string{} // [] in JSON, not null
	}
	return Match{
		Service: a.entry.id, Need: need, Verdict: explained.Verdict, Missing: missing, Score: a.score,
		Reasons: append(reasons, a.entry.freshnessReason(p.today)),
	}
}

var online = eligibility.Reason{Code: eligibility.ReasonOnline}

// Limit keeps the first perNeed matches of each need, in their order; 0 or less keeps all. Misses are kept. The result
// given is not changed.
func Limit(result Result, perNeed int) Result {
	if perNeed <= 0 {
		return result
	}
	kept := make([]Match, 0, len(result.Matches))
	count := map[string]int{}
	for _, match := range result.Matches {
		if count[match.Need] < perNeed {
			count[match.Need]++
			kept = append(kept, match)
		}
	}
	result.Matches = kept
	return result
}
