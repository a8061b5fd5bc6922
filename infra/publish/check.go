package publish

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/miict/immerse/shared/catalogue/opendata"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/snapshot"
)

// Compile makes the file of a catalogue and looks at it as the functions will: it must open, and its index must find for a
// sample of people what the plain engine finds.
func Compile(contents snapshot.Contents) ([]byte, error) {
	file, err := snapshot.Compile(contents, snapshot.CompileIndex, opendata.Addition, snapshot.EventsAddition)
	if err != nil {
		return nil, err
	}
	opened, err := snapshot.Open(file)
	if err != nil {
		return nil, err
	}
	index, err := opened.Section(snapshot.Index)
	if err != nil {
		return nil, err
	}
	engine, err := snapshot.OpenIndex(index)
	if err != nil {
		return nil, err
	}
	source, err := contents.Source()
	if err != nil {
		return nil, err
	}
	catalogue, err := match.New(source)
	if err != nil {
		return nil, err
	}
	return file, agree(match.NewLinear(catalogue), engine, sample(contents), contents.Created)
}

// mostRegions bounds the sample: enough to meet every kind of area.
const mostRegions = 24

// sample are people with every need: in many regions, of different status, age and languages, and one who says nothing.
func sample(contents snapshot.Contents) []eligibility.Profile {
	var people []eligibility.Profile
	areas := contents.Configuration.Areas
	for i := range min(mostRegions, len(areas)) {
		year, children := 1950+3*i, i%3
		p := eligibility.Profile{Language: "en", Needs: codes.Needs, Residence: eligibility.Residence{Region: areas[i*len(areas)/min(mostRegions, len(areas))].Code}}
		people = append(people, p)
		p.LegalStatus, p.BirthYear, p.Gender = codes.LegalStatuses[i%len(codes.LegalStatuses)], &year, codes.Genders[i%len(codes.Genders)]
		p.Household = &eligibility.Household{Children: &children}
		p.Languages = []eligibility.LanguageSkill{{Code: "ar", Level: "native"}, {Code: "es", Level: codes.Levels[i%len(codes.Levels)]}}
		people = append(people, p)
	}
	return people
}

func agree(want, got match.Engine, people []eligibility.Profile, at time.Time) error {
	for _, p := range people {
		first, err := json.Marshal(want.Match(p, at))
		if err != nil {
			return fmt.Errorf("encoding a result: %w", err)
		}
		second, err := json.Marshal(got.Match(p, at))
		if err != nil {
			return fmt.Errorf("encoding a result: %w", err)
		}
		if !bytes.Equal(first, second) {
			return fmt.Errorf("the index finds something else than the plain engine for somebody in %s: it is not published", p.Residence.Region)
		}
	}
	return nil
}
