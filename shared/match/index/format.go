package index

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
)

// Format is what every index begins with: the version of what Compile writes. Open reads no other.
const Format = "immerse index 1\n"

// ErrCorrupt is what Open's error wraps for bytes that Compile did not write, that were damaged, or of another Format.
var ErrCorrupt = errors.New("index: not an index, or a damaged one")

// The file is little-endian: Format, the CRC-32C of what follows, the number of sections, the end of each section, then
// the sections, each beginning at a multiple of 8. Nothing in it depends on where it lies in memory.
const (
	checksumAt = len(Format)
	countAt    = checksumAt + 4
	endsAt     = countAt + 4
	headLength = endsAt + 8*int(sections)
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// section numbers the tables of the file; the comment gives a table's elements. A list of lists is two tables: the values
// of all, one after the other, and for each list where it ends.
type section int

const (
	secSettings section = iota // see settings

	secServiceEnds     // u32, by ordinal: the services in the order of their ids
	secServiceIDs      // bytes
	secServiceAreaEnds // u32, by ordinal
	secServiceAreas    // u32: areas

	secAreaEnds     // u32, by area: in the order of codes
	secAreaCodes    // bytes
	secAreaParents  // u32: area or none
	secLanguageEnds // u32, by language
	secLanguages    // bytes: primary subtags
	secSetEnds      // u32, by set of languages
	secSets         // u32: languages
	secDates        // u64, by date: days since 1970, as two's complement
	secCapacities   // capacity
	secPriorities   // f64, by priority: what it adds to a score

	secConstraintEnds    // u32, by constraint
	secConstraints       // bytes: see appendConstraint
	secAtoms             // atom, by constraint
	secWordListEnds      // u32, by vocabulary: words
	secVocabularyEnds    // u32, by word
	secVocabulary        // bytes
	secRuleEnds          // u32, by rule: clauses
	secClauseEnds        // u32, by clause
	secClauseConstraints // u32: constraints
	secClauseLevels      // u32, by clause: the levels that it asks for, or none
	secLevels            // u32, by list of levels: a clause that asks for them

	secWordEnds        // u32, by 64 rules: lanes
	secWordLevels      // u64, by 64 rules: the rules that ask for a level
	secLanePresent     // u64, by lane: the rules that have this clause
	secLaneEnds        // u32, by lane: pairs
	secPairConstraints // u32, by pair
	secPairMasks       // u64, by pair: the rules whose clause has the constraint

	secNeedEnds        // u32, by need: in the order of codes
	secNeeds           // bytes
	secNeedCells       // u32, by need: where its cells end
	secCellAreas       // u32, by cell: area, or none for online; ascending
	secCellEnds        // u32, by cell: tiers
	secCellServiceEnds // u32, by cell: numbers, two for each service
	secCellServices    // u32: rule and posting of each service, in the order of ordinals
	secTiers           // tier
	secEntries         // entry
	secGroupEnds       // u32, by group: postings
	secPostings        // posting

	sections
)

// none is the area that is none.
const none = math.MaxUint32

// u32s, u64s and f64s are views of a section.
type (
	u32s []byte
	u64s []byte
)

func (s u32s) len() int             { return len(s) / 4 }
func (s u32s) at(i uint32) uint32   { return binary.LittleEndian.Uint32(s[4*int(i):]) }
func (s u64s) len() int             { return len(s) / 8 }
func (s u64s) at(i uint32) uint64   { return binary.LittleEndian.Uint64(s[8*int(i):]) }
func (s u64s) f64(i uint32) float64 { return math.Float64frombits(s.at(i)) }

// begin gives where list i begins in a table of values, and at where it ends.
func (s u32s) begin(i uint32) uint32 {
	if i == 0 {
		return 0
	}
	return s.at(i - 1)
}

// texts are strings one after the other.
type texts struct {
	ends  u32s
	bytes []byte
}

func (t texts) at(i uint32) []byte { return t.bytes[t.ends.begin(i):t.ends.at(i)] }

// find looks a text up in sorted ones; ok is false for one that is not there.
func (t texts) find(text string) (i uint32, ok bool) {
	low, high := uint32(0), uint32(t.ends.len())
	for low < high {
		middle := (low + high) / 2
		if string(t.at(middle)) < text {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < uint32(t.ends.len()) && string(t.at(low)) == text
}

// The fixed-size records, and where their fields are.
const (
	// posting: one service in one cell.
	postingSize     = 24
	postingService  = 0  // u32 ordinal
	postingCapacity = 4  // u32
	postingPriority = 8  // u32
	postingDate     = 12 // u32 date, or none for a service that nobody has checked
	postingSet      = 16 // u32 set of languages, and flags
	postingArea     = 20 // u32: its one area; or none, if it has none or several

	// capacity: how many places are free.
	capacitySize   = 16
	capacityShare  = 0 // f64: what it adds to a score
	capacityPlaces = 8 // u64 rank.Places

	// entry: the rules of one word that occur in a tier.
	entrySize  = 16
	entryWord  = 0 // u32
	entryGroup = 4 // u32: the group of its first rule
	entryRules = 8 // u64

	// tier: services of a cell that score alike.
	tierSize    = 32
	tierEnd     = 0  // u32: where its entries end
	tierSet     = 4  // u32 set of languages that all share, or none
	tierFlags   = 8  // u32
	tierLeast   = 12 // u32: the lowest ordinal
	tierQuality = 16 // f64: the most that capacity and priority add to a score
	tierAged    = 24 // f64: the same with freshness, less what it loses from 1970 on
)

// Flags of a posting, beside its set of languages.
const (
	flagOnline  = 1 << 31 // offered online
	flagAgain   = 1 << 30 // stands in another cell too, in which the same person may look
	setMask     = flagAgain - 1
	tierChecked = 1 // somebody has checked the services
	tierLevels  = 2 // some rule asks for a level
)

// A record is one element of a table of records.
type record []byte

func (r record) u32(at int) uint32  { return binary.LittleEndian.Uint32(r[at:]) }
func (r record) u64(at int) uint64  { return binary.LittleEndian.Uint64(r[at:]) }
func (r record) f64(at int) float64 { return math.Float64frombits(r.u64(at)) }

// settings: six weights, the zone's offset in seconds, the length of the longest line of areas, then two texts with their
// lengths before them: version and zone.
