package index

import (
	"math/bits"
	"slices"
	"sort"
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
	today   *today

	answers []answer // by constraint
	words   []word   // by word
	said    said
	levels  []levelFit // by rule
	fits    []levelFit // by list of levels
	sets    []setFit   // by set of languages
	shares  shares
	cells   []cell   // of the need that is being looked for
	ranked  []ranked // their tiers
	found   []placed
	group   []Found              // of one group
	reasons []eligibility.Reason // room for those of the next matches
	missed  []missed
}

// step is an area that holds the person's region, and how many steps away it is.
type step struct{ area, away uint32 }

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

// cell is one that the person may look in.
type cell struct {
	number    uint32
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
		fits:    make([]levelFit, e.levels.len()),
		sets:    make([]setFit, e.sets.ends.len()),
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
	s := e.spare.Swap(nil)
	if s == nil {
		s = newSearch(e)
	}
	if s.turn++; s.turn == 0 { // after four milliards of people
		clear(s.answers)
		clear(s.words)
		clear(s.levels)
		clear(s.fits)
		clear(s.sets)
		s.turn = 1
	}
	s.profile = p
	s.facts.Reset(p, at.In(e.location))
	s.spoken = rank.AppendSpoken(s.spoken[:0], p)
	s.today = e.on(rank.Day(at, e.location))
	s.say()
	s.locate(p.Residence.Region)
	return s
}

// end gives the working memory back. What the search found must have been copied.
func (s *search) end() {
	s.profile, s.reasons, s.said = nil, nil, said{}
	s.facts.Reset(&eligibility.Profile{}, time.Time{})
	clear(s.spoken)
	s.spare.Store(s)
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
			s.cells = append(s.cells, cell{at, s.Engine.cells.begin(at), s.Engine.cells.at(at), uint32(place), closeness})
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

// entriesOf gives the entries of tiers that follow each other.
func (e *Engine) entriesOf(tier, end uint32) []byte {
	begin := uint32(0)
	if tier > 0 {
		begin = record(e.tiers[int(tier-1)*tierSize:]).u32(tierEnd)
	}
	return e.entries[int(begin)*entrySize : int(record(e.tiers[int(end-1)*tierSize:]).u32(tierEnd))*entrySize]
}

// group is where the postings of one rule in one tier are, and what the rule says of the person.
type group struct {
	rule       uint32
	begin, end uint32
	verdict    eligibility.Verdict
	level      float64 // what the level fit adds to a score
}

// groupOf gives the group of one rule, a bit, of an entry.
func (e *Engine) groupOf(entry record, rule uint64) (g group) {
	number := entry.u32(entryGroup) + uint32(bits.OnesCount64(entry.u64(entryRules)&(rule-1)))
	g.begin, g.end = e.groups.begin(number), e.groups.at(number)
	g.rule = 64*entry.u32(entryWord) + uint32(bits.TrailingZeros64(rule))
	return g
}

// rank fills in what a rule that holds, or may hold, says of the person.
func (s *search) rank(g *group, w *word, rule uint64) {
	g.verdict = eligibility.Unknown
	if w.is&rule != 0 {
		g.verdict = eligibility.True
	}
	g.level = s.shares.neutralLevel
	if s.wordLevels.at(g.rule/64)&rule != 0 {
		level := &s.levels[g.rule]
		if level.turn != s.turn {
			*level = levelFit{s.turn, s.levelShare(g.rule)}
		}
		g.level = level.share
	}
}

// placed is a match with the rule that it was found by, and its place: an index in path, of which the length is online.
type placed struct {
	Found
	rule  uint32
	place int
}

// whose finds out what a match leaves out.
func (s *search) whose(f Found) placed {
	number := uint32(sort.Search(s.groups.len(), func(i int) bool { return s.groups.at(uint32(i)) > f.posting }))
	at := sort.Search(len(s.entries)/entrySize, func(i int) bool {
		return record(s.entries[i*entrySize:]).u32(entryGroup) > number
	}) - 1
	entry := record(s.entries[at*entrySize : (at+1)*entrySize])
	rules := entry.u64(entryRules)
	for before := number - entry.u32(entryGroup); before > 0; before-- {
		rules &= rules - 1
	}
	tier := uint32(sort.Search(len(s.tiers)/tierSize, func(i int) bool {
		return record(s.tiers[i*tierSize:]).u32(tierEnd) > uint32(at)
	}))
	place := 0
	for _, c := range s.cells {
		if c.tier <= tier && tier < c.end {
			place = int(c.place)
		}
	}
	return placed{f, 64*entry.u32(entryWord) + uint32(bits.TrailingZeros64(rules)), place}
}
