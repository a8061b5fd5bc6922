// Package percolate is matching turned round: people are what is indexed, and a service asks. It answers for whom, of
// many who wait, a service is that was added or has places again.
//
//	people     0 1 2 3 4 5 …        a service
//	need     language  ▪ ▪   ▪ ▪ ▪     needs   language                   ┐
//	area     ES-AN     ▪ ▪ ▪     ▪     areas   ES-AN                      ├ base   = need ∩ area      0 1     5
//	status   refugee   ▪   ▪           clause  status refugee             ┘
//	         (unsaid)            ▪             age ≤ 30  AND               certain  = base ∩ T ∩ T …  0
//	age      ≤ 30      ▪ ▪       ▪                                         possible = base ∩ (T∪U) …  0       5
//
// Each value that somebody gave has a list of the people who gave it, numbers have the people in their order, and a
// person is listed under every area that holds their region. A constraint of a clause is then two sets: T, for whom it
// holds, and U, who did not say; who is in neither is ruled out. A clause's certain set is the intersection of its Ts, its
// possible set that of its T∪Us; a service's are the unions of its clauses'. Certain is eligible, possible and not certain is
// check: the three values of design §8, for everybody at once. Sets are bits, a word for 64 people.
//
// It is the idea of an inverted index over expressions (Whang and others, "Indexing Boolean Expressions", VLDB 2009) with
// the roles exchanged, as search engines' percolators have them. Nothing of it is ever written anywhere: it is made of opened
// profiles, and lives as long as the memory of one run.
package percolate

import (
	"slices"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// A Person is a profile with the time of its submission, by which ages are reckoned.
type Person struct {
	Profile   eligibility.Profile
	Submitted time.Time
}

// Rules are what of a country decides who may be offered what.
type Rules struct {
	Areas          *country.Areas
	Location       *time.Location // nil is UTC
	OfferUnassured bool
}

// A Fit is a person for whom a service is, and a need of theirs that it serves.
type Fit struct {
	Person  int // index in the list that New was given
	Need    string
	Verdict eligibility.Verdict // True or Unknown
}

// Index answers for a list of people. It is read-only and safe for concurrent use.
type Index struct {
	rules  Rules
	people int
	needs  postings
	areas  postings // of everybody who lives at or under one
	known  posting  // whoever lives anywhere in the country

	status, gender                   column
	age, children, months, education numbers
	languages                        languages
	occupation                       occupations
	registers                        column
}

// New indexes people.
func New(rules Rules, people []Person) *Index {
	if rules.Location == nil {
		rules.Location = time.UTC
	}
	x := &Index{
		rules: rules, people: len(people), needs: postings{}, areas: postings{},
		status: newColumn(), gender: newColumn(), registers: newColumn(),
		languages: newLanguages(), occupation: newOccupations(),
	}
	for i := range people {
		x.add(uint32(i), &people[i])
	}
	for _, one := range []interface{ pack(people int) }{
		x.needs, x.areas, &x.known, &x.status, &x.gender, &x.age, &x.children, &x.months, &x.education, &x.languages,
		&x.occupation, &x.registers,
	} {
		one.pack(len(people))
	}
	return x
}

func (x *Index) add(id uint32, p *Person) {
	for i, need := range p.Profile.Needs {
		if !slices.Contains(p.Profile.Needs[:i], need) {
			x.needs.add(need, id)
		}
	}
	line := x.rules.Areas.Ancestors(p.Profile.Residence.Region)
	for _, area := range line {
		x.areas.add(area, id)
	}
	if len(line) > 0 {
		x.known.list = append(x.known.list, id)
	}
	facts := eligibility.Prepare(p.Profile, p.Submitted.In(x.rules.Location))
	if status := facts.LegalStatus(); status != "" {
		x.status.add(id, status)
	}
	if gender := facts.Gender(); gender != "" {
		x.gender.add(id, gender)
	}
	x.age.add(id, facts.Age)
	x.children.add(id, facts.Children)
	x.months.add(id, facts.MonthsInCountry)
	x.education.add(id, facts.Education)
	x.languages.add(id, &facts)
	x.occupation.add(id, facts.Occupation())
	if registers, said := facts.Registrations(); said {
		x.registers.add(id, registers...)
	}
}

// Find gives everybody for whom a service is, in the order of its needs and for each in that of the people. today is the day,
// midnight UTC, on which the service's freshness is reckoned.
func (x *Index) Find(s *hsds.Service, today time.Time) []Fit {
	if !match.Offered(s, today, x.rules.OfferUnassured) {
		return nil
	}
	here := newSet(x.people)
	for _, area := range s.Immerse.Areas {
		x.areas[area].addTo(here)
	}
	if s.Immerse.Online {
		x.known.addTo(here)
	}
	certain, possible := x.judge(s.Immerse.Eligibility, here)
	var fits []Fit
	asked := newSet(x.people)
	for i, need := range s.Immerse.Needs {
		if slices.Contains(s.Immerse.Needs[:i], need) {
			continue
		}
		asked.clear()
		x.needs[need].addTo(asked)
		asked.intersect(possible)
		asked.each(func(id int) {
			verdict := eligibility.Unknown
			if certain.has(id) {
				verdict = eligibility.True
			}
			fits = append(fits, Fit{Person: id, Need: need, Verdict: verdict})
		})
	}
	return fits
}

// judge gives, of the people here, those for whom the clauses certainly hold, and those for whom they may.
func (x *Index) judge(clauses []eligibility.Clause, here set) (certain, possible set) {
	if len(clauses) == 0 {
		return here, here
	}
	certain, possible = newSet(x.people), newSet(x.people)
	holds, may, t, u := newSet(x.people), newSet(x.people), newSet(x.people), newSet(x.people)
	for i := range clauses {
		copy(holds, here)
		copy(may, here)
		for _, ask := range x.constraints(&clauses[i]) {
			t.clear()
			u.clear()
			ask(t, u)
			holds.intersect(t)
			u.unite(t)
			may.intersect(u)
			if may.empty() {
				break
			}
		}
		certain.unite(holds)
		possible.unite(may)
	}
	return certain, possible
}

// AsOf gives a profile whose age on a later day is the one that it had when it was submitted, as design §8 has ages, so
// that an engine that is asked today looks at services as they are today and at people as they said they are.
func AsOf(p Person, today time.Time, location *time.Location) eligibility.Profile {
	if location == nil {
		location = time.UTC
	}
	profile := p.Profile
	if profile.BirthYear != nil {
		year := *profile.BirthYear + today.In(location).Year() - p.Submitted.In(location).Year()
		profile.BirthYear = &year
	}
	return profile
}
