package index

import (
	"math/bits"
	"slices"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// search is the working memory of one person's search. It is used again for other people; a mark of an older turn says
// that what it stands beside is not about this person.
type search struct {
	*Engine
	turn    uint32
	profile *eligibility.Profile
	facts   eligibility.Facts
	path    []step // the person's region and those around it, the nearest first
	online  uint32 // how many steps away online is; 0 for somebody who lives nowhere
	spoken  []rank.Spoken
	today   time.Time

	answers []answer    // by constraint
	words   []word      // by word
	levels  []levelFit  // by rule
	sets    []setFit    // by set of languages
	fresh   []freshness // by date, of today
	shares  shares
	cells   []cell   // of the need that is being looked for
	ranked  []ranked // their tiers
	found   []Found
	missed  []missed
}

// step is an area that holds the person's region, and how many steps away it is.
type step struct{ area, away uint32 }

type answer struct {
	turn    uint32
	verdict eligibility.Verdict
}

// word is what is known of 64 rules: which may hold (nothing the person said is against them), which of these do hold (and
// nothing is missing), and which of the others fail in one constraint only.
type word struct {
	may, is, near uint64
	turn          uint32
}

type levelFit struct {
	turn  uint32
	share float64 // what it adds to a score
}

type setFit struct {
	turn  uint32
	share float64
}

// shares are what components that have few values add to a score.
type shares struct{ language, noLanguage, neutralLanguage, neutralLevel, unchecked float64 }

// freshness is what a date adds to a score today.
type freshness struct {
	share float64
	state uint8
}

// States of freshness.
const (
	unknown = iota
	known
	expired
)

// cell is one that the person may look in.
type cell struct {
	tier, end uint32  // its tiers
	place     uint32  // index in path; len(path) is online
	closeness float64 // what it adds to a score
}

func newSearch(e *Engine) *search {
	return &search{
		Engine:  e,
		answers: make([]answer, e.constraints.ends.len()),
		words:   make([]word, e.words.len()),
		levels:  make([]levelFit, e.rules.len()),
		sets:    make([]setFit, e.sets.ends.len()),
		fresh:   make([]freshness, e.dates.len()),
		shares: shares{
			language:        e.weights.Language,
			noLanguage:      float64(0 * e.weights.Language),
			neutralLanguage: float64(rank.Neutral * e.weights.Language),
			neutralLevel:    float64(rank.Neutral * e.weights.Level),
			unchecked:       float64(0 * e.weights.Freshness),
		},
	}
}

// begin makes a search ready for a person.
func (e *Engine) begin(p *eligibility.Profile, at time.Time) *search {
	s := e.searches.Get().(*search)
	if s.turn++; s.turn == 0 { // after four milliards of people
		clear(s.answers)
		clear(s.words)
		clear(s.levels)
		clear(s.sets)
		s.turn = 1
	}
	s.profile = p
	s.facts.Reset(p, at.In(e.location))
	s.spoken = rank.AppendSpoken(s.spoken[:0], p)
	if today := rank.Day(at, e.location); !today.Equal(s.today) {
		s.today = today
		clear(s.fresh)
	}
	s.locate(p.Residence.Region)
	return s
}

// end gives the working memory back. What the search found must have been copied.
func (s *search) end() {
	s.profile = nil
	s.facts.Reset(&eligibility.Profile{}, time.Time{})
	clear(s.spoken)
	s.searches.Put(s)
}

// locate finds the areas that hold a region. A circle of areas counts as many steps as country.Areas says.
func (s *search) locate(region string) {
	s.path, s.online = s.path[:0], 0
	area, ok := s.areas.find(region)
	if !ok {
		return
	}
	for area != none && s.online < s.longest {
		if s.placeOf(area) < len(s.path) {
			s.online = s.longest
			return
		}
		s.path = append(s.path, step{area, s.online})
		s.online++
		area = s.parents.at(area)
	}
}

// placeOf gives where an area stands in the path, len(path) if it does not.
func (s *search) placeOf(area uint32) int {
	for i := range s.path {
		if s.path[i].area == area {
			return i
		}
	}
	return len(s.path)
}

// open finds the cells of a need of the profile in which the person may look: none if it stands there before.
func (s *search) open(asked int) []cell {
	s.cells = s.cells[:0]
	code := s.profile.Needs[asked]
	need, ok := s.needs.find(code)
	if !ok || s.online == 0 || slices.Contains(s.profile.Needs[:asked], code) {
		return nil
	}
	begin, end := s.needCells.begin(need), s.needCells.at(need)
	for place := range len(s.path) + 1 {
		area, away := uint32(none), s.online
		if place < len(s.path) {
			area, away = s.path[place].area, s.path[place].away
		}
		if at := s.cellOf(area, begin, end); at < end && s.cellAreas.at(at) == area {
			closeness := float64(rank.Closeness(int(away)) * s.weights.Closeness)
			s.cells = append(s.cells, cell{s.Engine.cells.begin(at), s.Engine.cells.at(at), uint32(place), closeness})
		}
	}
	return s.cells
}

// cellOf gives the first cell of an area or a later one, from begin to end.
func (e *Engine) cellOf(area, begin, end uint32) uint32 {
	for begin < end {
		middle := (begin + end) / 2
		if e.cellAreas.at(middle) < area {
			begin = middle + 1
		} else {
			end = middle
		}
	}
	return begin
}

// ask answers a constraint, once for each person.
func (s *search) ask(number uint32) {
	s.answers[number] = answer{s.turn, s.constraint(number).Ask(&s.facts)}
}

// word gives what is known of 64 rules.
func (s *search) word(number uint32) *word {
	w := &s.words[number]
	if w.turn != s.turn {
		s.evaluate(w, number)
	}
	return w
}

// evaluate judges 64 rules at a time, lane by lane: lane j holds clause j of each.
func (s *search) evaluate(w *word, number uint32) {
	*w = word{turn: s.turn}
	for lane := s.Engine.words.begin(number); lane < s.Engine.words.at(number); lane++ {
		var no, twice, open uint64
		for pair := s.lanes.begin(lane); pair < s.lanes.at(lane); pair++ {
			constraint := s.pairs.at(pair)
			answer := &s.answers[constraint]
			if answer.turn != s.turn {
				s.ask(constraint)
			}
			switch rules := s.masks.at(pair); answer.verdict {
			case eligibility.False:
				twice |= no & rules
				no |= rules
			case eligibility.Unknown:
				open |= rules
			default:
			}
		}
		present := s.lanePresent.at(lane)
		w.may |= present &^ no
		w.is |= present &^ (no | open)
		w.near |= present & no &^ twice
	}
	w.near &^= w.may
}

// tierEntries gives the entries of a tier.
func (e *Engine) tierEntries(tier uint32) []byte {
	begin := uint32(0)
	if tier > 0 {
		begin = record(e.tiers[int(tier-1)*tierSize:]).u32(tierEnd)
	}
	return e.entries[int(begin)*entrySize : int(record(e.tiers[int(tier)*tierSize:]).u32(tierEnd))*entrySize]
}

// group gives where the postings of one rule of an entry begin and end.
func (e *Engine) group(entry record, rule uint64) (begin, end uint32) {
	group := entry.u32(entryGroup) + uint32(bits.OnesCount64(entry.u64(entryRules)&(rule-1)))
	return e.groups.begin(group), e.groups.at(group)
}
