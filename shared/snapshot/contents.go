package snapshot

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// Contents are what a snapshot is compiled of.
type Contents struct {
	Country string // ISO 3166-1 alpha-2, in capitals
	// Version of the catalogue, 32 bytes at most; see Digest for one that follows from the contents.
	Version       string
	Created       time.Time
	Configuration Configuration
	// Services and organizations in any order; ids must be unique in each list.
	Services      []hsds.Service
	Organizations []hsds.Organization
	// Others are HSDS objects of other kinds, such as locations.
	Others []Document
}

// Configuration is the settings section: what a result depends on besides the services, and what replaying it needs.
type Configuration struct {
	TimeZone       string          `json:"time_zone"` // IANA name
	Weights        country.Weights `json:"weights"`
	OfferUnassured bool            `json:"offer_unassured"`
	// MatchesPerNeed is how many matches a person is shown for each need.
	MatchesPerNeed int            `json:"matches_per_need"`
	Areas          []country.Area `json:"areas"`
}

// OfPack gives the contents of a country's pack.
func OfPack(pack *country.Pack, created time.Time) Contents {
	return Contents{
		Country: pack.Code, Version: pack.Version, Created: created, Services: pack.Services, Organizations: pack.Organizations,
		Configuration: Configuration{
			TimeZone: pack.TimeZone, Weights: pack.Weights, OfferUnassured: pack.OfferUnassured,
			MatchesPerNeed: pack.MatchesPerNeed, Areas: pack.Areas.All(),
		},
	}
}

// Source is what an engine is made of.
func (c Contents) Source() (match.Source, error) {
	zone, err := time.LoadLocation(c.Configuration.TimeZone)
	if err != nil {
		return match.Source{}, fmt.Errorf("snapshot: time zone: %w", err)
	}
	return match.Source{
		Version: c.Version, Services: c.Services, Organizations: c.Organizations, Areas: country.NewAreas(c.Configuration.Areas),
		Weights: c.Configuration.Weights, OfferUnassured: c.Configuration.OfferUnassured, Location: zone,
	}, nil
}

// A Compiler makes the index section.
type Compiler func(match.Source) ([]byte, error)

// An Addition is a section that is made of the others, for a function that would take too long to make it.
type Addition struct {
	Name string
	Make func(Contents, *Directory) ([]byte, error)
}

// Compile makes the file. Its order is its own, so that it does not depend on that of the lists. The error names every
// id that stands twice. Additions come last, and are not needed to read the rest.
func Compile(c Contents, compile Compiler, additions ...Addition) ([]byte, error) {
	c.Services = sortedBy(c.Services, func(s hsds.Service) string { return s.ID })
	c.Organizations = sortedBy(c.Organizations, func(o hsds.Organization) string { return o.ID })
	source, err := c.Source()
	if err != nil {
		return nil, err
	}
	settings, err := json.Marshal(c.Configuration)
	if err != nil {
		return nil, fmt.Errorf("snapshot: the settings: %w", err)
	}
	documents, err := c.documents()
	if err != nil {
		return nil, err
	}
	directory, err := compileDocuments(documents)
	if err != nil {
		return nil, err
	}
	index, err := compile(source)
	if err != nil {
		return nil, fmt.Errorf("snapshot: the index: %w", err)
	}
	manifest := Manifest{
		Format: Format, Country: c.Country, Catalogue: c.Version, Rules: match.RulesOf(source), Created: c.Created.UTC().Truncate(time.Second),
	}
	names, sections := []string{Settings, Index, Documents}, [][]byte{settings, index, directory}
	for _, addition := range additions {
		opened, err := OpenDocuments(directory)
		if err != nil {
			return nil, err
		}
		section, err := addition.Make(c, opened)
		if err != nil {
			return nil, fmt.Errorf("snapshot: the section %s: %w", addition.Name, err)
		}
		names, sections = append(names, addition.Name), append(sections, section)
	}
	return assemble(manifest, names, sections)
}

// assemble lays the sections out behind the head.
func assemble(m Manifest, names []string, sections [][]byte) ([]byte, error) {
	m.Size = headSize
	for i, data := range sections {
		m.Size = (m.Size + align - 1) / align * align
		m.Sections = append(m.Sections, Section{
			Name: names[i], Offset: m.Size, Length: int64(len(data)), SHA256: digest(data), crc: crcOf(data),
		})
		m.Size += int64(len(data))
	}
	head, err := m.encode()
	if err != nil {
		return nil, err
	}
	file := make([]byte, m.Size)
	copy(file, head)
	for i, s := range m.Sections {
		copy(file[s.Offset:], sections[i])
	}
	return file, nil
}

// Digest is a version that follows from what the contents say, in whatever order: 12 hexadecimal digits of a SHA-256.
func (c Contents) Digest() (string, error) {
	documents, err := c.documents()
	if err != nil {
		return "", err
	}
	all := sha256.New()
	encoder := json.NewEncoder(all)
	errs := []error{encoder.Encode(c.Country), encoder.Encode(c.Configuration)}
	for _, d := range documents {
		errs = append(errs, encoder.Encode([]any{d.Kind, d.ID, json.RawMessage(d.JSON)}))
	}
	return hex.EncodeToString(all.Sum(nil))[:12], errors.Join(errs...)
}

// documents are all objects as JSON, sorted by kind and id.
func (c Contents) documents() ([]Document, error) {
	all := make([]Document, 0, len(c.Services)+len(c.Organizations)+len(c.Others))
	var errs []error
	add := func(kind, id string, object any) {
		data, err := json.Marshal(object)
		errs = append(errs, err)
		all = append(all, Document{kind, id, data})
	}
	for i := range c.Services {
		add(KindService, c.Services[i].ID, &c.Services[i])
	}
	for i := range c.Organizations {
		add(KindOrganization, c.Organizations[i].ID, &c.Organizations[i])
	}
	for _, other := range c.Others {
		var compact bytes.Buffer
		errs = append(errs, json.Compact(&compact, other.JSON))
		all = append(all, Document{other.Kind, other.ID, compact.Bytes()})
	}
	slices.SortStableFunc(all, func(a, b Document) int { return cmp.Compare(a.key(), b.key()) })
	for i := 1; i < len(all); i++ {
		if all[i].key() == all[i-1].key() {
			errs = append(errs, fmt.Errorf("snapshot: the %s %q stands twice", all[i].Kind, all[i].ID))
		}
	}
	return all, errors.Join(errs...)
}

func sortedBy[T any](list []T, id func(T) string) []T {
	return slices.SortedStableFunc(slices.Values(list), func(a, b T) int { return cmp.Compare(id(a), id(b)) })
}
