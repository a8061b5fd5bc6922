package index

import (
	"math/bits"
)

// damaged names the first table that refers to what is not there, "" if none does.
func (e *Engine) damaged() string {
	words := len(e.wordLevels) / 8
	checks := []struct {
		table string
		good  bool
	}{
		{"services", e.services.whole() && e.serviceAreas.whole() && e.serviceAreas.ends.len() == e.services.ends.len()},
		{"areas of services", e.serviceAreas.values.below(e.areas.ends.len())},
		{"areas", e.areas.whole() && e.parents.len() == e.areas.ends.len() && e.parents.belowOrNone(e.areas.ends.len())},
		{"languages", e.languages.whole() && e.sets.whole() && e.sets.values.below(e.languages.ends.len())},
		{"dates", len(e.dates)%8 == 0},
		{"capacities", len(e.capacities)%capacitySize == 0 && len(e.priorities)%8 == 0},
		{"constraints", e.constraints.whole()},
		{"rules", e.rules.end(e.clauses.ends.len()) && e.clauses.whole() && e.clauses.values.below(e.constraints.ends.len())},
		{"levels", e.clauseLevels.len() == e.clauses.ends.len() && e.clauseLevels.belowOrNone(e.levels.len()) &&
			e.levels.below(e.clauses.ends.len())},
		{"atoms", e.wholeAtoms() && e.vocabulary.whole() &&
			e.wordLists.len() == vocabularies && e.wordLists.end(e.vocabulary.ends.len())},
		{"words", len(e.wordLevels)%8 == 0 && words == (e.rules.len()+63)/64 && e.words.len() == words},
		{"lanes", e.words.end(e.lanes.len()) && e.lanes.end(e.pairs.len()) && len(e.lanePresent) == 2*len(e.lanes)},
		{"pairs", len(e.masks) == 2*len(e.pairs) && e.pairs.below(e.constraints.ends.len())},
		{"needs", e.needs.whole() && e.needCells.len() == e.needs.ends.len() && e.needCells.end(e.cellAreas.len())},
		{"cells", e.cells.len() == e.cellAreas.len() && e.cells.end(len(e.tiers)/tierSize) && len(e.tiers)%tierSize == 0},
		{"groups", e.groups.end(len(e.postings)/postingSize) && len(e.postings)%postingSize == 0},
		{"services of cells", e.cellServices.whole() && e.cellServices.ends.len() == e.cells.len() && e.wholeServices()},
		{"tiers", e.wholeTiers()},
		{"postings", e.wholePostings()},
	}
	for _, check := range checks {
		if !check.good {
			return check.table
		}
	}
	return ""
}

func (t texts) whole() bool { return t.ends.end(len(t.bytes)) }
func (l list) whole() bool  { return len(l.values)%4 == 0 && l.ends.end(l.values.len()) }

// end tells whether these are the ends of lists that share so many values.
func (s u32s) end(values int) bool {
	last, ascend := uint32(0), len(s)%4 == 0
	for i := range s.len() {
		end := s.at(uint32(i))
		ascend = ascend && end >= last
		last = end
	}
	return ascend && int(last) == values
}

func (s u32s) below(limit int) bool {
	highest := -1
	for i := range s.len() {
		highest = max(highest, int(s.at(uint32(i))))
	}
	return len(s)%4 == 0 && highest < limit
}

func (s u32s) belowOrNone(limit int) bool {
	highest := -1
	for i := range s.len() {
		if v := s.at(uint32(i)); v != none {
			highest = max(highest, int(v))
		}
	}
	return len(s)%4 == 0 && highest < limit
}

// wholeTiers goes over tiers, entries and groups, which count on.
func (e *Engine) wholeTiers() bool {
	if len(e.entries)%entrySize != 0 || len(e.tiers)%tierSize != 0 {
		return false
	}
	group, last := 0, 0
	for i := 0; i < len(e.tiers); i += tierSize {
		tier := record(e.tiers[i : i+tierSize])
		end := int(tier.u32(tierEnd))
		if set := tier.u32(tierSet); end < last || set != none && int(set) >= e.sets.ends.len() {
			return false
		}
		last = end
	}
	if last != len(e.entries)/entrySize {
		return false
	}
	for i := 0; i < len(e.entries); i += entrySize {
		entry := record(e.entries[i : i+entrySize])
		rules := entry.u64(entryRules)
		highest := 64*int(entry.u32(entryWord)) + bits.Len64(rules) - 1
		if int(entry.u32(entryGroup)) != group || highest >= e.rules.len() || int(entry.u32(entryWord)) >= e.words.len() {
			return false
		}
		group += bits.OnesCount64(rules)
	}
	return group == e.groups.len()
}

func (e *Engine) wholePostings() bool {
	services, dates, sets := e.services.ends.len(), e.dates.len(), e.sets.ends.len()
	capacities, priorities := len(e.capacities)/capacitySize, e.priorities.len()
	good := true
	for at := e.postings; len(at) >= postingSize; at = at[postingSize:] {
		posting := record(at[:postingSize])
		date := posting.u32(postingDate)
		good = good && int(posting.u32(postingService)) < services && int(posting.u32(postingCapacity)) < capacities &&
			int(posting.u32(postingPriority)) < priorities &&
			(date == none || int(date) < dates) && int(posting.u32(postingSet)&setMask) < sets
	}
	return good
}

func (e *Engine) wholeServices() bool {
	rules, postings := e.rules.len(), len(e.postings)/postingSize
	good := e.cellServices.values.len()%2 == 0
	for i := range e.cellServices.ends.len() {
		good = good && e.cellServices.ends.at(uint32(i))%2 == 0
	}
	for at := e.cellServices.values; len(at) >= 8; at = at[8:] {
		good = good && int(at.at(0)) < rules && int(at.at(1)) < postings
	}
	return good
}
