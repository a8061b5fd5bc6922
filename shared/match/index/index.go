// Package index compiles a catalogue into one flat file of bytes and matches people against those bytes.
//
// Compile and Open are the seam: what Compile gives is stored, shipped and mapped as it is; the same source gives the
// same bytes, always. What the bytes hold is nobody else's business and may change with Format.
package index

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// Format is the version of what Compile writes. Open reads no other.
const Format = "immerse index 0\n"

// ErrCorrupt is what Open's error wraps for bytes that Compile did not write, or of another Format.
var ErrCorrupt = errors.New("index: not an index, or a damaged one")

// Engine is an opened index. It implements match.Engine, gives what match.Linear gives, and is safe for concurrent use.
type Engine struct {
	linear *match.Linear
}

var _ match.Engine = (*Engine)(nil)

type contents struct {
	Version       string
	Services      []hsds.Service
	Organizations []hsds.Organization
	Areas         []country.Area
	Weights       country.Weights
	Unassured     bool
	Zone          string
	Offset        int
}

// Compile writes the index of a source. The errors are those of match.New, and one for a time zone that has no name by
// which Open could load it and is not a fixed distance from UTC either.
func Compile(source match.Source) ([]byte, error) {
	if _, err := match.New(source); err != nil {
		return nil, err
	}
	location := source.Location
	if location == nil {
		location = time.UTC
	}
	_, offset := time.Unix(0, 0).In(location).Zone()
	body, err := json.Marshal(contents{
		source.Version, source.Services, source.Organizations, source.Areas.All(), source.Weights, source.OfferUnassured,
		location.String(), offset,
	})
	if err != nil {
		return nil, fmt.Errorf("index: writing: %w", err)
	}
	return fmt.Appendf(nil, "%s%08x\n%s", Format, crc32.ChecksumIEEE(body), body), nil
}

// Open makes the engine of what Compile wrote. It keeps data and reads from it as long as the engine is used: data must
// not change, nor be unmapped. Damaged bytes give an error that wraps ErrCorrupt.
func Open(data []byte) (*Engine, error) {
	head := len(Format) + 9
	if len(data) < head || string(data[:len(Format)]) != Format {
		return nil, ErrCorrupt
	}
	if string(data[len(Format):head]) != fmt.Sprintf("%08x\n", crc32.ChecksumIEEE(data[head:])) {
		return nil, ErrCorrupt
	}
	var c contents
	if err := json.Unmarshal(data[head:], &c); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	location, err := time.LoadLocation(c.Zone)
	if err != nil {
		location = time.FixedZone(c.Zone, c.Offset)
	}
	catalogue, err := match.New(match.Source{
		Version: c.Version, Services: c.Services, Organizations: c.Organizations, Areas: country.NewAreas(c.Areas),
		Weights: c.Weights, OfferUnassured: c.Unassured, Location: location,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return &Engine{linear: match.NewLinear(catalogue)}, nil
}

// Match implements match.Engine.
func (e *Engine) Match(p eligibility.Profile, at time.Time) match.Result {
	return e.linear.Match(p, at)
}

// Top gives what match.Limit keeps of Match: the best of each need, perNeed at the most; 0 or less gives all.
func (e *Engine) Top(p eligibility.Profile, at time.Time, perNeed int) match.Result {
	return match.Limit(e.linear.Match(p, at), perNeed)
}
