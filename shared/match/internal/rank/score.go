// Package rank is the arithmetic of a match's score (design §8, decision 0101), which every engine shares: a weighted
// mean of six components in [0,1], each of which is neutral when what it needs is not known, then squeezed into the lower
// half of [0,1] for a service that nobody has checked and into the upper half for one that somebody has.
package rank

import "github.com/miict/immerse/shared/country"

// Neutral is a component of which nothing is known.
const Neutral = 0.5

// Components of a score, each in [0,1].
type Components struct {
	Closeness, Language, Level, Capacity, Freshness, Priority float64
}

// Score gives the weighted mean to four decimals. The conversions keep a compiler for another processor from fusing a
// product with a sum, which would round differently: the same input gives the same score on every machine.
func (c Components) Score(w country.Weights, checked bool) float64 {
	sum := float64(c.Closeness * w.Closeness)
	sum += float64(c.Language * w.Language)
	sum += float64(c.Level * w.Level)
	sum += float64(c.Capacity * w.Capacity)
	sum += float64(c.Freshness * w.Freshness)
	sum += float64(c.Priority * w.Priority)
	return Score(Points(sum, checked))
}

// Best is the most points that there are.
const Best = 10000

// Points squeezes a weighted sum into the half of the checked or the unchecked and gives it in 1/Best, rounded: what
// services are sorted by.
func Points(sum float64, checked bool) uint32 {
	half := Clamp(sum) / 2
	if checked {
		half += 0.5
	}
	return uint32(float64(half*Best) + 0.5)
}

// Score gives points as a number in [0,1].
func Score(points uint32) float64 { return float64(points) / Best }

// Clamp brings a number into [0,1]; what is not a number is 0.
func Clamp(x float64) float64 {
	switch {
	case x >= 1:
		return 1
	case x > 0:
		return x
	}
	return 0
}

// Closeness of the area that is so many steps from the person's own region: 1, 1/2, 1/3 …
func Closeness(steps int) float64 { return 1 / float64(steps+1) }
