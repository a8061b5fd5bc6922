// Package opendata makes the public directory of a country's catalogue: of the pack in the program, or of a snapshot, in
// which publishing puts a section (Section) that says what is found by what. With it a function opens the directory of
// 100,000 services without reading one of them; without it, as in older snapshots, it has to read them all first.
//
// The words of needs by which services are found are those of the program that published; those which are shown are the reader's.
package opendata

import (
	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/snapshot"
)

// Section is the name of the section in a snapshot.
const Section = "public"

// Addition has Section compiled into a snapshot.
var Addition = snapshot.Addition{Name: Section, Make: func(c snapshot.Contents, documents *snapshot.Directory) ([]byte, error) {
	return catalogue.CompileDirectory(stored{documents}, Words(c.Country, country.NewAreas(c.Configuration.Areas)))
}}

// OfPack is the directory of a pack.
func OfPack(pack *country.Pack) *catalogue.Directory {
	return catalogue.NewDirectory(pack.Version, pack.Records(), Words(pack.Code, pack.Areas))
}

// Open gives the directory of a release: of its settings, its documents, and the section that Addition made, nil if there
// is none. The error wraps snapshot.ErrDamaged or catalogue.ErrSection, or says what can't be read.
func Open(code, version string, settings, documents, section []byte) (*catalogue.Directory, error) {
	configuration, err := snapshot.ConfigurationOf(settings)
	if err != nil {
		return nil, err
	}
	opened, err := snapshot.OpenDocuments(documents)
	if err != nil {
		return nil, err
	}
	words := Words(code, country.NewAreas(configuration.Areas))
	if section == nil {
		if section, err = catalogue.CompileDirectory(stored{opened}, words); err != nil {
			return nil, err
		}
	}
	return catalogue.OpenDirectory(version, section, stored{opened}, words)
}

// stored are the documents of a snapshot.
type stored struct{ *snapshot.Directory }

// Document implements catalogue.Documents.
func (s stored) Document(number int) (catalogue.Kind, catalogue.Object, error) {
	document, err := s.At(number)
	if err != nil {
		return "", nil, err
	}
	r := catalogue.NewRecord(document.ID, document.JSON)
	return catalogue.Kind(document.Kind), r.Object, r.Err
}
