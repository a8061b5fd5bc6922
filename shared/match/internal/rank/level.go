package rank

import (
	"math"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// Level is what a clause asks of a language, or of education when the language is empty, as ranks.
type Level struct {
	language  string
	low, high int
}

// Levels gives the levels that a clause asks for, in a fixed order: sums of fractions depend on it.
func Levels(clause []eligibility.Constraint) (levels []Level) {
	last := "" // the language, as the clause writes it, that the last level is about
	for _, c := range clause {
		if c.Kind != eligibility.LanguageAtLeast && c.Kind != eligibility.LanguageAtMost {
			continue
		}
		if len(levels) == 0 || c.Codes[0] != last {
			last = c.Codes[0]
			levels = append(levels, Level{language: eligibility.Primary(last), low: 0, high: len(codes.Levels) - 1})
		}
		level := &levels[len(levels)-1]
		rank, _ := codes.Level(c.Codes[1])
		if c.Kind == eligibility.LanguageAtLeast {
			level.low = rank
		} else {
			level.high = rank
		}
	}
	for _, c := range clause {
		if c.Kind != eligibility.Education {
			continue
		}
		level := Level{low: codes.EducationMin, high: codes.EducationMax}
		if c.Range.Min != nil {
			level.low = *c.Range.Min
		}
		if c.Range.Max != nil {
			level.high = *c.Range.Max
		}
		levels = append(levels, level)
	}
	return levels
}

// LevelFit tells how near the person's levels are to the middle of what the deciding clause asks for: a course up to A2
// suits somebody at A1 better than somebody who is only just admitted. It is 1 in the middle and 1/2 at the edge.
func LevelFit(levels []Level, facts *eligibility.Facts) float64 {
	sum, known := 0.0, 0
	for _, level := range levels {
		rank, said := facts.Education()
		if level.language != "" {
			rank, said = facts.Level(level.language)
		}
		if said {
			sum += level.fit(rank)
			known++
		}
	}
	if known == 0 {
		return Neutral
	}
	return sum / float64(known)
}

func (l Level) fit(rank int) float64 {
	width := float64(l.high - l.low)
	if width <= 0 {
		return 1
	}
	offMiddle := math.Abs(float64(2*rank-l.low-l.high)) / width // 0 in the middle, 1 at either end
	return 1 - Clamp(offMiddle)/2
}
