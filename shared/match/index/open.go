package index

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"sync/atomic"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/match"
)

// Engine is an opened index. It implements match.Engine and gives what match.Linear gives, and is safe for concurrent
// use.
type Engine struct {
	weights  country.Weights
	monotone bool // more of any component is never less of a score
	location *time.Location
	longest  uint32 // the most steps that a line of areas can have
	version  string

	services     texts
	serviceAreas list
	areas        texts
	parents      u32s
	languages    texts
	sets         list
	dates        u64s
	capacities   []byte
	priorities   u64s

	constraints  texts
	rules        u32s // ends, in clauses
	clauses      list // of constraints
	clauseLevels u32s
	levels       u32s // clauses
	atoms        []byte
	wordLists    u32s // ends, in words
	vocabulary   texts

	words       u32s // ends, in lanes
	wordLevels  u64s
	lanePresent u64s
	lanes       u32s // ends, in pairs
	pairs       u32s
	masks       u64s

	needs        texts
	needCells    u32s // ends, in cells
	cellAreas    u32s
	cells        u32s // ends, in tiers
	cellServices list // of rules and postings in turn
	tiers        []byte
	entries      []byte
	groups       u32s // ends, in postings
	postings     []byte

	made  made
	today atomic.Pointer[today]  // that was asked about last
	spare atomic.Pointer[search] // that nobody uses
}

var _ match.Engine = (*Engine)(nil)

// list is a list of lists.
type list struct{ ends, values u32s }

// Open makes the engine of what Compile wrote. It keeps data and reads from it as long as the engine is used: data must
// not change meanwhile, nor be unmapped. It goes once over data, to make sure that no later reading can leave it, and
// allocates little. Bytes that Compile did not write, or not whole, give an error that wraps ErrCorrupt.
func Open(data []byte) (*Engine, error) {
	if len(data) < headLength || string(data[:checksumAt]) != Format ||
		binary.LittleEndian.Uint32(data[countAt:]) != uint32(sections) {
		return nil, ErrCorrupt
	}
	if binary.LittleEndian.Uint32(data[checksumAt:]) != crc32.Checksum(data[countAt:], castagnoli) {
		return nil, fmt.Errorf("%w: its checksum is another", ErrCorrupt)
	}
	return open(data)
}

// open is Open without the checksum.
func open(data []byte) (*Engine, error) {
	var parts [sections][]byte
	begin := uint64(headLength)
	for s := range parts {
		begin = (begin + 7) / 8 * 8
		end := binary.LittleEndian.Uint64(data[endsAt+8*s:])
		if end < begin || end > uint64(len(data)) {
			return nil, fmt.Errorf("%w: section %d", ErrCorrupt, s)
		}
		parts[s] = data[begin:end:end]
		begin = end
	}
	e := &Engine{
		services:     texts{parts[secServiceEnds], parts[secServiceIDs]},
		serviceAreas: list{parts[secServiceAreaEnds], parts[secServiceAreas]},
		areas:        texts{parts[secAreaEnds], parts[secAreaCodes]},
		parents:      parts[secAreaParents],
		languages:    texts{parts[secLanguageEnds], parts[secLanguages]},
		sets:         list{parts[secSetEnds], parts[secSets]},
		dates:        parts[secDates],
		capacities:   parts[secCapacities],
		priorities:   parts[secPriorities],
		constraints:  texts{parts[secConstraintEnds], parts[secConstraints]},
		rules:        parts[secRuleEnds],
		clauses:      list{parts[secClauseEnds], parts[secClauseConstraints]},
		clauseLevels: parts[secClauseLevels],
		levels:       parts[secLevels],
		atoms:        parts[secAtoms],
		wordLists:    parts[secWordListEnds],
		vocabulary:   texts{parts[secVocabularyEnds], parts[secVocabulary]},
		words:        parts[secWordEnds],
		wordLevels:   parts[secWordLevels],
		lanePresent:  parts[secLanePresent],
		lanes:        parts[secLaneEnds],
		pairs:        parts[secPairConstraints],
		masks:        parts[secPairMasks],
		needs:        texts{parts[secNeedEnds], parts[secNeeds]},
		needCells:    parts[secNeedCells],
		cellAreas:    parts[secCellAreas],
		cells:        parts[secCellEnds],
		cellServices: list{parts[secCellServiceEnds], parts[secCellServices]},
		tiers:        parts[secTiers],
		entries:      parts[secEntries],
		groups:       parts[secGroupEnds],
		postings:     parts[secPostings],
	}
	if err := e.settings(parts[secSettings]); err != nil {
		return nil, err
	}
	if table := e.damaged(); table != "" {
		return nil, fmt.Errorf("%w: %s", ErrCorrupt, table)
	}
	e.made = newMade(e)
	return e, nil
}

// largestWeight is the largest with which sums of shares are as exact as Top needs them (see rounding).
const largestWeight = 16

func (e *Engine) settings(data []byte) error {
	if len(data) < 8*10 {
		return fmt.Errorf("%w: settings", ErrCorrupt)
	}
	w := &e.weights
	e.monotone = true
	for i, weight := range []*float64{&w.Closeness, &w.Language, &w.Level, &w.Capacity, &w.Freshness, &w.Priority} {
		*weight = u64s(data).f64(uint32(i))
		e.monotone = e.monotone && *weight >= 0 && *weight <= largestWeight
	}
	offset := int64(u64s(data).at(6))
	longest := u64s(data).at(7)
	if longest > none || max(offset, -offset) > 2*secondsOfDay {
		return fmt.Errorf("%w: settings", ErrCorrupt)
	}
	e.longest = uint32(longest)
	data = data[8*8:]
	var strings [2]string
	for i := range strings {
		if len(data) < 8 || u64s(data).at(0) > uint64(len(data)-8) {
			return fmt.Errorf("%w: settings", ErrCorrupt)
		}
		end := 8 + u64s(data).at(0)
		strings[i] = string(data[8:end])
		data = data[end:]
	}
	e.version = strings[0]
	var err error
	switch zone := strings[1]; {
	case zone != "":
		if e.location, err = time.LoadLocation(zone); err != nil {
			return fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
	case offset == 0:
		e.location = time.UTC
	default:
		e.location = time.FixedZone("", int(offset))
	}
	return nil
}
