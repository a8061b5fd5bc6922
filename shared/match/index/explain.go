package index

import (
	"math/bits"
	"slices"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// decides gives the clause of a rule that decides what it says of the person, and how many of its constraints fail: the
// first that holds, else of those that may hold the first that lacks the fewest fields, else the first that fails the
// fewest constraints (decision 0106). The rule must have clauses, and its word must have been judged.
func (s *search) decides(rule uint32) (clause uint32, failed int) {
	begin, end := s.rules.begin(rule), s.rules.at(rule)
	best := 1 << 30 // further than any
	for at := begin; at < end; at++ {
		fails, lacks := s.count(at)
		if fails == 0 && lacks == 0 {
			return at, 0
		}
		distance := lacks
		if fails > 0 {
			distance = 1<<20 + fails // further than any that may hold
		}
		if distance < best {
			best, clause, failed = distance, at, fails
		}
	}
	return clause, failed
}

// count gives how many constraints of a clause fail, and how many different fields it lacks.
func (s *search) count(clause uint32) (fails, lacks int) {
	var open uint32
	for at := s.clauses.ends.begin(clause); at < s.clauses.ends.at(clause); at++ {
		constraint := s.clauses.values.at(at)
		switch s.answers[constraint].verdict {
		case eligibility.False:
			fails++
		case eligibility.Unknown:
			open |= 1 << fields[s.atoms[int(constraint)*atomSize+atomKind]]
		default:
		}
	}
	return fails, bits.OnesCount32(open)
}

// explain gives the reasons of a rule.
func (s *search) explain(rule uint32, verdict eligibility.Verdict) eligibility.Result {
	if s.rules.begin(rule) == s.rules.at(rule) {
		return eligibility.Explain(s.room(), verdict, 0, nil) // open to all
	}
	clause, _ := s.decides(rule)
	begin, end := s.clauses.ends.begin(clause), s.clauses.ends.at(clause)
	return eligibility.Explain(s.room(), verdict, int(end-begin), func(i int) (*eligibility.Rule, eligibility.Verdict) {
		constraint := s.clauses.values.at(begin + uint32(i))
		return &s.constraint(constraint).Rule, s.answers[constraint].verdict
	})
}

// room gives place for the reasons of one match in a larger piece of memory, which is had at one go.
func (s *search) room() []eligibility.Reason {
	if cap(s.reasons)-len(s.reasons) < longReasons {
		s.reasons = make([]eligibility.Reason, 0, 16*longReasons)
	}
	return s.reasons[len(s.reasons):len(s.reasons):cap(s.reasons)]
}

// longReasons is more reasons than nearly all matches have; those that have more get memory of their own.
const longReasons = 12

// taken gives reasons that were put into the room, which is theirs from now on.
func (s *search) taken(reasons []eligibility.Reason) []eligibility.Reason {
	if n := len(reasons); n <= cap(s.reasons)-len(s.reasons) {
		s.reasons = s.reasons[:len(s.reasons)+n]
	}
	return slices.Clip(reasons)
}

// match explains what was found.
func (s *search) match(need string, f placed) match.Match {
	explained := s.explain(f.rule, f.Verdict())
	posting := record(s.posting(f.posting)[:])
	reasons := explained.Reasons
	if f.place < len(s.path) {
		reasons = append(reasons, s.inArea(s.path[f.place].area))
	}
	set := posting.u32(postingSet)
	if set&flagOnline != 0 {
		reasons = append(reasons, online)
	}
	if language := s.sharedLanguage(set & setMask); language != none {
		reasons = append(reasons, s.inLanguage(language))
	}
	switch rank.Places(record(s.capacities[int(posting.u32(postingCapacity))*capacitySize:]).u64(capacityPlaces)) {
	case rank.Free:
		reasons = append(reasons, placesAvailable)
	case rank.Full:
		reasons = append(reasons, noPlaces)
	default:
	}
	missing := explained.Missing
	if missing == nil {
		missing = []string{} // [] in JSON, not null
	}
	return match.Match{
		Service: s.ID(f.Service()), Need: need, Verdict: explained.Verdict, Missing: missing, Score: f.Score(),
		Reasons: s.taken(append(reasons, s.checked(posting.u32(postingDate)))),
	}
}

var (
	online          = eligibility.Reason{Code: eligibility.ReasonOnline}
	placesAvailable = eligibility.Reason{Code: eligibility.ReasonPlacesAvailable}
	noPlaces        = eligibility.Reason{Code: eligibility.ReasonNoPlaces}
	unchecked       = eligibility.Reason{Code: eligibility.ReasonUnchecked}
)

// checked says when a service was last checked.
func (s *search) checked(date uint32) eligibility.Reason {
	if date == none {
		return unchecked
	}
	code := eligibility.ReasonLastChecked
	if rank.Stale(s.day(date), s.today.Time) {
		code = eligibility.ReasonLastCheckedLongAgo
	}
	return eligibility.Reason{Code: code, Params: s.checkedOn(date)}
}
