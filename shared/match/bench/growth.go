package main

import (
	"fmt"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match/index"
	"github.com/miict/immerse/shared/match/matchtest"
)

const grownFrom = 10_000

// growth measures how the time grows with the catalogue when what is found stays the same.
func growth(s settings) (figures []Figure, err error) {
	if s.grown <= grownFrom {
		return nil, nil
	}
	const region = "ES-GR"
	for _, elsewhere := range []bool{false, true} {
		where := "in the same places, for others"
		if elsewhere {
			where = "in other places"
		}
		var times, tops [2]time.Duration
		for i, size := range []int{grownFrom, s.grown} {
			source, err := matchtest.Grown("es", grownFrom, size, elsewhere, region)
			if err != nil {
				return nil, err
			}
			data, err := index.Compile(source)
			if err != nil {
				return nil, err
			}
			engine, err := index.Open(data)
			if err != nil {
				return nil, err
			}
			people := womenAndMen(matchtest.People(source.Areas, s.people), region)
			list := []*contender{{name: oursName, engine: &ours{Engine: engine}}}
			matches, err := same(list, people)
			if err != nil {
				return nil, err
			}
			measure(list, people, 3*s.rounds)
			times[i], tops[i] = list[0].all, list[0].top
			fmt.Fprintf(s.out, "\ngrown %s: %d services, %.0f matches, all %v, top 5 %v, %.1f MB\n", where, size, matches, times[i],
				tops[i], float64(len(data))/1e6)
		}
		for i, pair := range [][2]time.Duration{times, tops} {
			name := []string{"all matches", "top 5"}[i]
			figures = append(figures, figure(fmt.Sprintf("%s, %d to %d services, the same found, more %s", name, grownFrom, s.grown, where),
				micros(pair[1]), micros(pair[0]), "µs"))
		}
	}
	return figures, nil
}

// womenAndMen makes everybody a woman or a man who lives in one region.
func womenAndMen(people []eligibility.Profile, region string) []eligibility.Profile {
	for i := range people {
		people[i].Gender = []string{"female", "male"}[i%2]
		people[i].Residence.Region = region
	}
	return people
}
