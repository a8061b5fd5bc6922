package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/miict/immerse/shared/assign"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/fairness"
	"github.com/miict/immerse/shared/match"
)

// Who is drawn for the report, always the same.
const (
	population = 5000
	seed       = 1
)

// year is the one that the report's people submit in: figures of two days are to be compared.
var year = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// fair says how groups of people who don't exist fare with each country's catalogue. Ratios are of the group that fares
// worst to everybody: here, 1 is best. Points are held against giving a place to whoever comes first.
func fair(_ context.Context, s settings) ([]Figure, error) {
	var figures []Figure
	for _, code := range s.countries {
		pack, err := country.Load(code)
		if err != nil {
			return nil, fmt.Errorf("fairness of %s: %w", code, err)
		}
		catalogue, err := match.FromPack(pack)
		if err != nil {
			return nil, fmt.Errorf("fairness of %s: %w", code, err)
		}
		r, err := fairness.Synthetic(match.NewLinear(catalogue), pack, population, seed, year)
		if err != nil {
			return nil, fmt.Errorf("fairness of %s: %w", code, err)
		}
		fmt.Fprintln(s.out)
		if err := r.Print(s.out); err != nil {
			return nil, err
		}
		figures = append(figures, fairFigures(code, r)...)
	}
	took, err := dense()
	if err != nil {
		return nil, err
	}
	return append(figures, figure("assign 10,000 people to 500 services", took, objective, "s")), nil
}

func fairFigures(code string, r *fairness.Report) []Figure {
	broken := r.Violations + r.Missed
	for _, b := range r.Batches {
		broken += b.Violations
	}
	figures := []Figure{figure("eligibility violations, "+code, float64(broken), float64(r.Pairs), "pairs")}
	for _, a := range r.By {
		all := r.All.Eligible
		figures = append(figures,
			figure(fmt.Sprintf("share eligible, worst by %s, %s", a.By, code), a.Eligible.Ratio*all, all, "share, 1 is best"),
			figure(fmt.Sprintf("benefit, worst by %s, %s", a.By, code), a.Benefit.Ratio*r.All.Benefit, r.All.Benefit, "score, 1 is best"))
	}
	for _, b := range r.Batches {
		figures = append(figures, figure(fmt.Sprintf("points of %s by %s, to first come, %s", b.Need, b.FloorBy, code),
			float64(b.Points), float64(b.PointsFirst), "points, more is better"))
	}
	return figures
}

// dense times a batch in which everybody fits everywhere and wants the same services.
func dense() (seconds float64, err error) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same batch every time
	p := &assign.Problem{Floors: make([]int, 8)}
	liked := make([]int32, 500)
	for j := range liked {
		p.Places, liked[j] = append(p.Places, 10), random.Int32N(5000)
	}
	for g := range p.Floors {
		p.Floors[g] = 300
	}
	for range 10_000 {
		r := assign.Request{Group: random.IntN(len(p.Floors)), Options: make([]assign.Option, len(liked))}
		for j := range liked {
			r.Options[j] = assign.Option{Service: int32(j), Points: liked[j] + random.Int32N(5000), Lot: random.Int64N(assign.MaxLot)}
		}
		p.Requests = append(p.Requests, r)
	}
	start := time.Now()
	if _, err := assign.Solve(p); err != nil {
		return 0, fmt.Errorf("timing an assignment: %w", err)
	}
	return time.Since(start).Seconds(), nil
}
