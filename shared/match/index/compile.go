package index

import (
	"encoding/binary"
	"math"

	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// Compile writes the index of a source; the same source gives the same bytes, in whatever order its services are. The
// errors are those of match.New, one for a time zone that Open could not load, and one for a catalogue that is too large
// (4 GiB of ids, or 2^30 of anything).
func Compile(source match.Source) ([]byte, error) {
	if err := source.Check(); err != nil {
		return nil, err
	}
	c := &compiler{source: source}
	if err := c.settings(); err != nil {
		return nil, err
	}
	c.gather()
	c.number()
	c.lanes()
	c.cells()
	c.tables()
	return c.file()
}

// compiler holds what is known of a catalogue on its way into the file.
type compiler struct {
	source      match.Source
	areas       map[string]uint32
	needs       []string
	offers      []offer // by ordinal
	languages   numbered[string]
	sets        numbered[string] // of languages, each as the bytes of its table
	dates       numbered[int64]
	capacities  numbered[capacity]
	priorities  numbered[float64]
	constraints numbered[string]
	words       [vocabularies]numbered[string]
	rules       numbered[string] // each as the bytes of its clauses
	clauses     [][][]uint32     // of each rule: constraints
	order       []uint32         // the rules, in the order in which they are stored
	out         [sections][]byte
}

// offer is a service on its way into the index.
type offer struct {
	id                                  string
	rule, set, date, capacity, priority uint32
	online                              bool
	areas, needs                        []uint32 // ascending
	static, aged                        float64  // see tierQuality and tierAged
}

// capacity is how many places a service has free, and what that adds to its score.
type capacity struct {
	share  float64
	places rank.Places
}

// numbered gives equal values one number, in the order of arrival.
type numbered[T comparable] struct {
	numbers map[T]uint32
	list    []T
}

func (n *numbered[T]) number(value T) uint32 {
	number, known := n.numbers[value]
	if !known {
		if n.numbers == nil {
			n.numbers = map[T]uint32{}
		}
		number = uint32(len(n.list))
		n.numbers[value] = number
		n.list = append(n.list, value)
	}
	return number
}

func (c *compiler) u32(s section, values ...uint32) {
	for _, v := range values {
		c.out[s] = binary.LittleEndian.AppendUint32(c.out[s], v)
	}
}

func (c *compiler) u64(s section, v uint64) { c.out[s] = binary.LittleEndian.AppendUint64(c.out[s], v) }

func (c *compiler) f64(s section, v float64) { c.u64(s, math.Float64bits(v)) }

// end notes that a list whose values are elements of so many bytes ends here.
func (c *compiler) end(ends, values section, size int) { c.u32(ends, uint32(len(c.out[values])/size)) }
