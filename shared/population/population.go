// Package population draws people who do not exist, for trying out whether an engine, a catalogue or a rule treats groups
// alike. Whoever asks for the same seed gets the same people.
//
// What each country's file assumes is who comes: by language of origin, and for each language the share of women and of
// legal statuses, since these hang together (who speaks Ukrainian mostly has temporary protection). The rest is drawn alike
// for all, so that a difference between groups comes from the catalogue and from these assumptions only: ages, children,
// education, needs, months in the country; levels in the country's language and registrations grow with the months. Regions
// are drawn evenly from the smallest areas of the pack, as packs hold no numbers of inhabitants. One answer in ten is left
// out, and one legal status in eight.
package population

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
)

//go:embed *.json
var files embed.FS

// fallback is the file for a country that has none.
const fallback = "any.json"

// assumed is a country's file. Weights are relative to each other.
type assumed struct {
	Note    string   `json:"note"`
	Origins []origin `json:"origins"`
}

type origin struct {
	Language    string         `json:"language"`
	Weight      int            `json:"weight"`
	Women       int            `json:"women"` // in 100
	LegalStatus map[string]int `json:"legal_status"`
}

// Draw draws n people of a country, who submit in the given year. Their answers are of the code lists.
func Draw(pack *country.Pack, year, n int, seed uint64) ([]eligibility.Profile, error) {
	from, err := read(pack.Code)
	if err != nil {
		return nil, err
	}
	name := fnv.New64a()
	_, _ = name.Write([]byte(pack.Code)) // a hash never fails
	d := &drawer{
		Rand: rand.New(rand.NewPCG(seed, name.Sum64())), //nolint:gosec // people who don't exist need no secret chance
		from: from, regions: smallest(pack.Areas), official: pack.Languages[0], year: year,
	}
	people := make([]eligibility.Profile, n)
	for i := range people {
		people[i] = d.person()
	}
	return people, nil
}

func read(code string) (from assumed, err error) {
	data, err := files.ReadFile(strings.ToLower(code) + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		data, err = files.ReadFile(fallback)
	}
	if err == nil {
		err = json.Unmarshal(data, &from)
	}
	if err != nil {
		return from, fmt.Errorf("population: reading the assumptions on %s: %w", code, err)
	}
	return from, nil
}

// smallest are the areas in which no other lies.
func smallest(areas *country.Areas) (regions []string) {
	around := map[string]bool{}
	for _, area := range areas.All() {
		around[area.Parent] = true
	}
	for _, area := range areas.All() {
		if !around[area.Code] {
			regions = append(regions, area.Code)
		}
	}
	return regions
}

// drawer draws people one after the other.
type drawer struct {
	*rand.Rand
	from     assumed
	regions  []string
	official string
	year     int
}

// in100 is true n times in 100.
func (d *drawer) in100(n int) bool { return d.IntN(100) < n }

// silent: this answer is left out.
func (d *drawer) silent() bool { return d.in100(10) }

func (d *drawer) person() eligibility.Profile {
	from := d.from.Origins[d.weighted(len(d.from.Origins), func(i int) int { return d.from.Origins[i].Weight })]
	months := d.months()
	p := eligibility.Profile{
		Kind: codes.Kinds[0], Language: from.Language, Needs: d.some(codes.Needs, 1+d.IntN(3)),
		Residence: eligibility.Residence{Region: d.regions[d.IntN(len(d.regions))]},
		Gender:    d.gender(from.Women), LegalStatus: d.status(from.LegalStatus), Languages: d.languages(from.Language, months),
	}
	d.numbers(&p, months)
	if !d.silent() {
		p.Occupation = fmt.Sprintf("%d%d", 1+d.IntN(9), 1+d.IntN(3))
	}
	if !d.silent() {
		p.Registrations = d.registrations(months)
	}
	return p
}

func (d *drawer) gender(women int) string {
	switch {
	case d.silent():
		return ""
	case d.in100(1):
		return "non_binary"
	case d.in100(women):
		return "female"
	}
	return "male"
}

func (d *drawer) status(weights map[string]int) string {
	if d.IntN(8) == 0 {
		return codes.Undisclosed
	}
	names := slices.Sorted(maps.Keys(weights))
	return names[d.weighted(len(names), func(i int) int { return weights[names[i]] })]
}

// languages: the one of origin natively, the country's the better the longer, and another one now and then.
func (d *drawer) languages(native string, months int) []eligibility.LanguageSkill {
	if d.silent() {
		return nil
	}
	skills := []eligibility.LanguageSkill{{Code: native, Level: "native"}}
	if native != d.official {
		level := min(d.IntN(2)+d.IntN(2+months/12), 6) // of codes.Levels: A0 to C2
		skills = append(skills, eligibility.LanguageSkill{Code: d.official, Level: codes.Levels[level]})
	}
	if native != "en" && d.in100(30) {
		skills = append(skills, eligibility.LanguageSkill{Code: "en", Level: codes.Levels[1+d.IntN(5)]})
	}
	return skills
}

func (d *drawer) numbers(p *eligibility.Profile, months int) {
	said := func(number int) *int {
		if d.silent() {
			return nil
		}
		return &number
	}
	p.BirthYear = said(d.year - d.age())
	p.Residence.MonthsInCountry = said(months)
	p.Education = said([]int{0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 5, 6, 6, 7, 8}[d.IntN(16)])
	p.Household = &eligibility.Household{Children: said([]int{0, 0, 0, 0, 0, 1, 1, 2, 2, 3}[d.IntN(10)])}
}

// age: most are of working age, some are minors or old.
func (d *drawer) age() int {
	band := [][2]int{{14, 17}, {18, 24}, {25, 39}, {40, 59}, {60, 80}}[d.weighted(5, func(i int) int { return []int{6, 22, 42, 24, 6}[i] })]
	return band[0] + d.IntN(band[1]-band[0]+1)
}

// months in the country: half have come within a year.
func (d *drawer) months() int {
	if d.in100(50) {
		return d.IntN(12)
	}
	return 12 + d.IntN(84)
}

func (d *drawer) registrations(months int) (in []string) {
	for _, register := range codes.Registrations {
		if register != codes.None && d.in100(min(20+months, 80)) {
			in = append(in, register)
		}
	}
	if in == nil {
		return []string{codes.None}
	}
	return in
}

func (d *drawer) some(list []string, n int) []string {
	picked := make([]string, 0, n)
	for _, i := range d.Perm(len(list))[:n] {
		picked = append(picked, list[i])
	}
	return picked
}

// weighted draws one of n, by their weights.
func (d *drawer) weighted(n int, weight func(int) int) int {
	all := 0
	for i := range n {
		all += weight(i)
	}
	at := d.IntN(all)
	for i := range n {
		if at -= weight(i); at < 0 {
			return i
		}
	}
	return n - 1
}
