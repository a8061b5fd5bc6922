package main

import (
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// A person is a profile in the numbers of a model.
type person struct {
	*model
	profile                         *eligibility.Profile
	facts                           eligibility.Facts
	needs                           []int // of codes.Needs, in the person's order
	needMask                        uint32
	path                            []uint16 // areas, the nearest first
	said                            uint16   // has bits of what was said
	status                          uint16   // a bit
	gender, registrations           uint8
	age, children, months, learning int32
	levels                          []int8 // by language: A0 if not listed; -1 unknown
	occupation                      string
	spoken                          []rank.Spoken
	sets                            []float64 // by set of languages: what the fit adds; -1 not worked out yet
	closeness                       []float64 // by place in path, then online
}

// begin reads a profile; the memory of the last person is used again.
func (p *person) begin(m *model, profile *eligibility.Profile, at time.Time) {
	w := m.source.Weights
	at = at.In(m.source.Location)
	*p = person{
		model: m, profile: profile, needs: p.needs[:0], path: p.path[:0], levels: p.levels[:0], spoken: p.spoken[:0],
		sets: p.sets[:0], closeness: p.closeness[:0], facts: p.facts,
	}
	p.facts.Reset(profile, at)
	for _, need := range profile.Needs {
		i := slices.Index(codes.Needs, need)
		p.needs = append(p.needs, i)
		p.needMask |= 1 << i
	}
	if area, ok := m.areas[profile.Residence.Region]; ok {
		for ; area != noArea; area = m.parents[area] {
			p.closeness = append(p.closeness, float64(rank.Closeness(len(p.path))*w.Closeness))
			p.path = append(p.path, area)
		}
	}
	p.closeness = append(p.closeness, float64(rank.Closeness(len(p.path))*w.Closeness))
	say := func(said bool, bit uint16) {
		if said {
			p.said |= bit
		}
	}
	if i := slices.Index(codes.LegalStatuses, profile.LegalStatus); i >= 0 && profile.LegalStatus != codes.Other && profile.LegalStatus != codes.Undisclosed {
		p.status = 1 << i
		p.said |= hasStatus | hasNotStatus
	}
	if i := slices.Index(codes.Genders, profile.Gender); i >= 0 && profile.Gender != codes.Undisclosed {
		p.gender = 1 << i
		p.said |= hasGender
	}
	number := func(target *int32, value *int, bit uint16) {
		if value != nil {
			*target = int32(*value)
		}
		say(value != nil, bit)
	}
	if profile.BirthYear != nil {
		age := at.Year() - *profile.BirthYear
		number(&p.age, &age, hasAge)
	}
	if profile.Household != nil {
		number(&p.children, profile.Household.Children, hasChildren)
	}
	number(&p.months, profile.Residence.MonthsInCountry, hasMonths)
	number(&p.learning, profile.Education, hasLearning)
	say(len(profile.Languages) > 0, hasLanguages|hasSpeaks)
	for range m.languages {
		p.levels = append(p.levels, 0)
	}
	for _, skill := range profile.Languages {
		rank, ok := codes.Level(skill.Level)
		if language, known := m.languages[eligibility.Primary(skill.Code)]; known && ok {
			p.levels[language] = max(p.levels[language], int8(rank))
		}
	}
	p.occupation = profile.Occupation
	say(codes.Occupation(p.occupation), hasOccupation)
	p.registrations = uint8(mask(profile.Registrations, codes.Registrations))
	say(profile.Registrations != nil, hasRegistrations)
	p.spoken = rank.AppendSpoken(p.spoken, profile)
	for range m.sets {
		p.sets = append(p.sets, -1)
	}
}

// judge gives the service's verdict and the clause that decides, -1 if there is none.
func (p *person) judge(r *record) (verdict eligibility.Verdict, decides int) {
	if len(r.clauses) == 0 {
		return eligibility.True, -1
	}
	best, least := eligibility.False, 1<<30
	for i := range r.clauses {
		holds, missing := p.clause(&r.clauses[i])
		switch {
		case holds == eligibility.True:
			return holds, i
		case holds == eligibility.Unknown && missing < least:
			best, decides, least = holds, i, missing
		}
	}
	return best, decides
}

// clause gives a clause's verdict and how many fields are missing; it stops at the first constraint that is false.
func (p *person) clause(c *clause) (eligibility.Verdict, int) {
	has := c.has & p.said
	switch {
	case has&hasStatus != 0 && c.status&p.status == 0,
		has&hasNotStatus != 0 && c.notStatus&p.status != 0,
		has&hasGender != 0 && c.gender&p.gender == 0,
		has&hasAge != 0 && (p.age < c.age[0] || p.age > c.age[1]),
		has&hasChildren != 0 && (p.children < c.children[0] || p.children > c.children[1]),
		has&hasMonths != 0 && (p.months < c.months[0] || p.months > c.months[1]),
		has&hasLearning != 0 && (p.learning < c.learning[0] || p.learning > c.learning[1]),
		has&hasRegistrations != 0 && c.registrations&^p.registrations != 0:
		return eligibility.False, 0
	}
	if has&hasLanguages != 0 {
		for _, b := range c.languages {
			if level := p.levels[b.language]; level < b.low || level > b.high {
				return eligibility.False, 0
			}
		}
	}
	if has&hasSpeaks != 0 && !slices.ContainsFunc(c.speaks, func(l uint16) bool { return p.levels[l] >= 3 }) {
		return eligibility.False, 0
	}
	lacks := c.has &^ p.said
	if has&hasOccupation != 0 {
		switch holds := p.job(c.occupation); holds {
		case eligibility.False:
			return holds, 0
		case eligibility.Unknown:
			lacks |= hasOccupation
		default:
		}
	}
	if lacks == 0 {
		return eligibility.True, 0
	}
	fields := 0
	for _, field := range []uint16{hasStatus | hasNotStatus, hasGender, hasAge, hasChildren, hasMonths, hasLearning,
		hasLanguages | hasSpeaks, hasOccupation, hasRegistrations} {
		if lacks&field != 0 {
			fields++
		}
	}
	return eligibility.Unknown, fields
}

func (p *person) job(groups []string) eligibility.Verdict {
	verdict := eligibility.False
	for _, group := range groups {
		if strings.HasPrefix(p.occupation, group) {
			return eligibility.True
		}
		if strings.HasPrefix(group, p.occupation) {
			verdict = eligibility.Unknown
		}
	}
	return verdict
}

// place gives where a service is offered: an index of closeness; -1 if nowhere.
func (p *person) place(r *record) int {
	for i, area := range p.path {
		if r.area == area || len(r.areas) > 1 && slices.Contains(r.areas, area) {
			return i
		}
	}
	if r.online {
		return len(p.path)
	}
	return -1
}

// A found is a match: what every engine gives for all matches.
type found struct {
	service uint32
	need    uint8 // index in the person's needs
	verdict eligibility.Verdict
	points  uint16
}

// add appends the matches of a service that is known to hold, for each need that it serves.
func (p *person) add(list []found, service uint32, verdict eligibility.Verdict, decides int) []found {
	r := &p.services[service]
	points := p.points(r, decides)
	for i, need := range p.needs {
		if r.needs>>need&1 != 0 {
			list = append(list, found{service, uint8(i), verdict, points})
		}
	}
	return list
}

// points gives the score in ten-thousandths.
func (p *person) points(r *record, decides int) uint16 {
	w := &p.source.Weights
	language := p.sets[r.set]
	if language < 0 {
		language = p.languageShare(r.set)
		p.sets[r.set] = language
	}
	level := float64(rank.Neutral * w.Level)
	if decides >= 0 && len(r.clauses[decides].levels) > 0 {
		level = float64(rank.LevelFit(r.clauses[decides].levels, &p.facts) * w.Level)
	}
	sum := p.closeness[p.place(r)] + language
	sum += level
	sum += r.capacity
	sum += p.fresh[r.date]
	sum += r.priority
	return uint16(rank.Points(sum, !r.unchecked))
}

func (p *person) languageShare(set uint16) float64 {
	w := p.source.Weights.Language
	for _, spoken := range p.spoken {
		if language, ok := p.languages[spoken.Code]; ok && slices.Contains(p.model.sets[set], language) {
			return w
		}
	}
	if len(p.model.sets[set]) == 0 || len(p.profile.Languages) == 0 {
		return rank.Neutral * w
	}
	return 0
}
