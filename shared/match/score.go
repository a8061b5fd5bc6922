package match

import (
	"math"
	"slices"

	"github.com/miict/immerse/shared/country"
)

// The score of a match (design §8, decision 0101): a weighted mean of six components in [0,1], each of which is neutral
// when what it needs is not known, then squeezed into the lower half of [0,1] for a service that nobody has checked and
// into the upper half for one that somebody has.
const neutral = 0.5

// components of a score, each in [0,1].
type components struct {
	closeness, language, level, capacity, freshness, priority float64
}

// score gives the weighted mean to four decimals. The conversions keep a compiler for another processor from fusing a
// product with a sum, which would round differently: the same input gives the same score on every machine.
func (c components) score(w country.Weights, checked bool) float64 {
	sum := float64(c.closeness * w.Closeness)
	sum += float64(c.language * w.Language)
	sum += float64(c.level * w.Level)
	sum += float64(c.capacity * w.Capacity)
	sum += float64(c.freshness * w.Freshness)
	sum += float64(c.priority * w.Priority)
	half := clamp(sum) / 2
	if checked {
		half += 0.5
	}
	return math.Round(half*10000) / 10000
}

// place is where a service is offered, seen from the person.
type place struct {
	area      string // the service's area that holds the person's region, the nearest; "" when only online
	closeness float64
}

// locate tells whether the service is offered where the person lives: area is a hard condition. The person's own
// region is 1 away, the one around it 2, and so on; online is one further than the country; closeness is the inverse.
func (e *entry) locate(p *person) (place, bool) {
	for i, region := range p.regions {
		if slices.Contains(e.areas, region) {
			return place{region, 1 / float64(i+1)}, true
		}
	}
	if e.online && len(p.regions) > 0 {
		return place{closeness: 1 / float64(len(p.regions)+1)}, true
	}
	return place{}, false
}

// shared gives the person's best language in which the service is given; ok is false if there is none or none known.
func (e *entry) shared(p *person) (language spoken, ok bool) {
	for _, language := range p.languages {
		if slices.Contains(e.languages, language.code) {
			return language, true
		}
	}
	return spoken{}, false
}

func (e *entry) languageFit(p *person) float64 {
	if _, ok := e.shared(p); ok {
		return 1
	}
	if len(e.languages) == 0 || !p.languagesSaid {
		return neutral
	}
	return 0
}

// levelFit tells how near the person's levels are to the middle of what the clause asks for: a course up to A2 suits
// somebody at A1 better than somebody who is only just admitted. It is 1 in the middle and 1/2 at the edge.
func (e *entry) levelFit(p *person, clause int) float64 {
	if clause < 0 || clause >= len(e.levels) {
		return neutral
	}
	sum, known := 0.0, 0
	for _, level := range e.levels[clause] {
		rank, said := p.facts.Education()
		if level.language != "" {
			rank, said = p.facts.Level(level.language)
		}
		if said {
			sum += level.fit(rank)
			known++
		}
	}
	if known == 0 {
		return neutral
	}
	return sum / float64(known)
}

func (r levelRange) fit(rank int) float64 {
	width := float64(r.high - r.low)
	if width <= 0 {
		return 1
	}
	offMiddle := math.Abs(float64(2*rank-r.low-r.high)) / width // 0 in the middle, 1 at either end
	return 1 - clamp(offMiddle)/2
}
