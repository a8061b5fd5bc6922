package main

import (
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// A model is a catalogue as somebody would lay it out who wants to go over it fast: flat records of numbers, in the order
// of ids. All engines but ours and the linear one are built on it, and share its scoring.
type model struct {
	source    match.Source
	services  []record
	areas     map[string]uint16
	parents   []uint16 // noArea for none
	languages map[string]uint16
	sets      [][]uint16 // of languages
	dates     []time.Time
	today     time.Time
	fresh     []float64 // by date, of today; -1 is expired
}

const noArea = 1<<16 - 1

// A record is a service that can be offered.
type record struct {
	needs              uint32 // a bit for each of codes.Needs
	area               uint16 // the first
	date, set          uint16 // date 0 is none
	online, unchecked  bool
	capacity, priority float64 // weighted
	areas              []uint16
	clauses            []clause
	id                 string
	service            *hsds.Service
}

// A clause has a constraint for each bit of has.
type clause struct {
	has                             uint16
	status, notStatus               uint16
	gender, registrations           uint8
	levels                          []rank.Level
	age, children, months, learning [2]int32
	languages                       []bound
	speaks                          []uint16
	occupation                      []string
}

type bound struct {
	language uint16
	low      int8
	high     int8
}

const (
	hasStatus = 1 << iota
	hasNotStatus
	hasGender
	hasAge
	hasChildren
	hasMonths
	hasLearning
	hasLanguages
	hasSpeaks
	hasOccupation
	hasRegistrations
)

func newModel(source match.Source, at time.Time) *model {
	m := &model{
		source: source, areas: map[string]uint16{}, languages: map[string]uint16{}, dates: []time.Time{{}},
		today: rank.Day(at, source.Location),
	}
	for i, area := range source.Areas.All() {
		m.areas[area.Code] = uint16(i)
	}
	for _, area := range source.Areas.All() {
		parent, ok := m.areas[area.Parent]
		if !ok {
			parent = noArea
		}
		m.parents = append(m.parents, parent)
	}
	sets, dates := map[string]uint16{}, map[time.Time]uint16{}
	source.Offered(func(s *hsds.Service, organization string) {
		m.services = append(m.services, m.record(s, organization, sets, dates))
	})
	slices.SortFunc(m.services, func(a, b record) int { return strings.Compare(a.id, b.id) })
	for _, date := range m.dates {
		component, ok := rank.Freshness(date, m.today)
		if !ok {
			component = -1
		}
		m.fresh = append(m.fresh, component*source.Weights.Freshness)
	}
	m.fresh[0] = 0
	return m
}

func (m *model) record(s *hsds.Service, organization string, sets map[string]uint16, dates map[time.Time]uint16) record {
	r := record{id: s.ID, service: s, online: s.Immerse.Online, area: noArea}
	for _, need := range s.Immerse.Needs {
		r.needs |= 1 << slices.Index(codes.Needs, need)
	}
	for _, code := range s.Immerse.Areas {
		r.areas = append(r.areas, m.areas[code])
	}
	if len(r.areas) > 0 {
		r.area = r.areas[0]
	}
	var set []uint16
	for _, language := range rank.Languages(s, organization) {
		set = append(set, m.language(language))
	}
	key := string(func() (b []byte) {
		for _, l := range set {
			b = append(b, byte(l), byte(l>>8))
		}
		return b
	}())
	number, known := sets[key]
	if !known {
		number = uint16(len(m.sets))
		sets[key] = number
		m.sets = append(m.sets, set)
	}
	r.set = number
	if day, ok := s.Assured(); ok {
		if _, known := dates[day]; !known {
			dates[day] = uint16(len(m.dates))
			m.dates = append(m.dates, day)
		}
		r.date = dates[day]
	}
	r.unchecked = r.date == 0
	capacity, _ := rank.Capacity(s.Capacities)
	r.capacity = float64(capacity * m.source.Weights.Capacity)
	r.priority = float64(rank.Clamp(s.Immerse.Priority) * m.source.Weights.Priority)
	for i := range s.Immerse.Eligibility {
		r.clauses = append(r.clauses, m.clause(&s.Immerse.Eligibility[i]))
	}
	return r
}

func (m *model) language(code string) uint16 {
	number, known := m.languages[code]
	if !known {
		number = uint16(len(m.languages))
		m.languages[code] = number
	}
	return number
}

func mask(list, all []string) (bits uint16) {
	for _, code := range list {
		if i := slices.Index(all, code); i >= 0 {
			bits |= 1 << i
		}
	}
	return bits
}

func (m *model) clause(c *eligibility.Clause) clause {
	r := clause{
		status: mask(c.LegalStatus, codes.LegalStatuses), notStatus: mask(c.NotLegalStatus, codes.LegalStatuses),
		gender: uint8(mask(c.Gender, codes.Genders)), registrations: uint8(mask(c.Registrations, codes.Registrations)),
		occupation: c.Occupation,
	}
	flag := func(has bool, bit uint16) {
		if has {
			r.has |= bit
		}
	}
	ends := func(target *[2]int32, from *eligibility.Range, bit uint16) {
		*target = [2]int32{-1 << 31, 1<<31 - 1}
		if from == nil {
			return
		}
		r.has |= bit
		if from.Min != nil {
			target[0] = int32(*from.Min)
		}
		if from.Max != nil {
			target[1] = int32(*from.Max)
		}
	}
	flag(len(c.LegalStatus) > 0, hasStatus)
	flag(len(c.NotLegalStatus) > 0, hasNotStatus)
	flag(len(c.Gender) > 0, hasGender)
	ends(&r.age, c.Age, hasAge)
	ends(&r.children, c.HouseholdChildren, hasChildren)
	ends(&r.months, c.MonthsInCountry, hasMonths)
	ends(&r.learning, c.Education, hasLearning)
	for code, levels := range c.Languages {
		b := bound{m.language(eligibility.Primary(code)), 0, int8(len(codes.Levels) - 1)}
		if low, ok := codes.Level(levels.Min); ok {
			b.low = int8(low)
		}
		if high, ok := codes.Level(levels.Max); ok {
			b.high = int8(high)
		}
		r.languages = append(r.languages, b)
	}
	flag(len(r.languages) > 0, hasLanguages)
	for _, code := range c.Speaks {
		r.speaks = append(r.speaks, m.language(eligibility.Primary(code)))
	}
	flag(len(r.speaks) > 0, hasSpeaks)
	flag(len(c.Occupation) > 0, hasOccupation)
	flag(len(c.Registrations) > 0, hasRegistrations)
	r.levels = rank.Levels(c.Constraints())
	return r
}
