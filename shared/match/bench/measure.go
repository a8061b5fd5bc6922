package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/index"
	"github.com/miict/immerse/shared/match/matchtest"
)

// A contender is an engine, how long it took to build, and what it holds in memory.
type contender struct {
	name  string
	built time.Duration
	bytes int64
	engine
	all, top time.Duration
	allocs   float64 // of all matches, for one person
}

// The names under which engines are measured.
const (
	oursName   = "index"
	plainName  = "plain scan"
	scanName   = "flat scan"
	linearName = "linear"
)

// catalogues are what is measured on. With the adversarial one all take long, so that fewer people are matched; lighter is
// by how much fewer services SQLite and Bleve are measured with.
var catalogues = []struct {
	name    string
	make    func(string, int) (match.Source, error)
	lighter int
}{{"national", matchtest.National, 1}, {"adversarial", matchtest.Unprunable, 10}}

// engines measures all engines on all catalogues.
func engines(s settings) (figures []Figure, err error) {
	for _, c := range catalogues {
		for _, size := range s.sizes {
			source, err := c.make("es", size)
			if err != nil {
				return nil, err
			}
			people := matchtest.People(source.Areas, max(s.people/c.lighter, 1))
			list, opened, err := build(source, size <= s.heavy/c.lighter)
			if err != nil {
				return nil, err
			}
			matches, err := same(list, people)
			if err != nil {
				return nil, fmt.Errorf("%s, %d: %w", c.name, size, err)
			}
			measure(list, people, s.rounds)
			fmt.Fprintf(s.out, "\n%s catalogue, %d services, %.0f matches for a person\n", c.name, size, matches)
			figures = append(figures, report(s, fmt.Sprint(c.name, " ", size), list, opened)...)
		}
	}
	return figures, nil
}

// held gives what is built, how long that took, and how much more memory is held after it.
func held[T any](make func() (T, error)) (made T, took time.Duration, bytes int64, err error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	made, err = make()
	took = time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	return made, took, int64(after.HeapAlloc) - int64(before.HeapAlloc), err
}

// build makes the engines; opened is how long ours takes to open.
func build(source match.Source, heavy bool) (list []*contender, opened time.Duration, err error) {
	add := func(name string, make func() (engine, error)) {
		if err != nil {
			return
		}
		c := &contender{name: name}
		c.engine, c.built, c.bytes, err = held(make)
		list = append(list, c)
	}
	add(oursName, func() (engine, error) {
		data, err := index.Compile(source)
		if err != nil {
			return nil, err
		}
		opened = time.Hour
		var e *index.Engine
		for range 5 {
			start := time.Now()
			if e, err = index.Open(data); err != nil {
				return nil, err
			}
			opened = min(opened, time.Since(start))
		}
		return &ours{Engine: e}, nil
	})
	add(linearName, func() (engine, error) {
		catalogue, err := match.New(source)
		return linear{match.NewLinear(catalogue)}, err
	})
	var m *model
	add(scanName, func() (engine, error) {
		m = newModel(source, matchtest.Submitted)
		return &modelled{model: m, finder: scan{m}}, nil
	})
	add(plainName, func() (engine, error) { return &modelled{model: m, finder: newPlain(m)}, nil })
	var d *dense
	add("dense bitmap", func() (engine, error) {
		d = newDense(m)
		return &modelled{model: m, finder: d}, nil
	})
	add("roaring", func() (engine, error) { return &modelled{model: m, finder: newCompressed(d)}, nil })
	if heavy {
		add("sqlite", func() (engine, error) {
			db, err := newDatabase(m)
			return &modelled{model: m, finder: db}, err
		})
		add("bleve", func() (engine, error) {
			s, err := newSearcher(d)
			return &modelled{model: m, finder: s}, err
		})
	}
	return list, opened, err
}

// same makes sure that all engines find the same, and gives the mean number of matches.
func same(list []*contender, people []eligibility.Profile) (matches float64, err error) {
	for i := range people {
		var want []found
		for _, c := range list {
			got := c.engine.all(&people[i], matchtest.Submitted)
			switch e := c.engine.(type) {
			case linear:
				continue // held to the oracle elsewhere, as ours is
			case *ours:
				got = e.translated()
			}
			got = slices.Clone(got)
			slices.SortFunc(got, compare)
			if c.name == oursName {
				want = got
				matches += float64(len(want)) / float64(len(people))
			} else if !slices.Equal(want, got) {
				return 0, fmt.Errorf("%s finds %d matches for person %d, not the same as %d", c.name, len(got), i, len(want))
			}
		}
	}
	return matches, nil
}

// perNeed is how many matches of each need top gives.
const perNeed = 5

// patience is how long an engine may take for one person and be asked again.
const patience = 100 * time.Millisecond

func measure(list []*contender, people []eligibility.Profile, rounds int) {
	for i := range people {
		p := &people[i]
		all, top := make([]time.Duration, len(list)), make([]time.Duration, len(list))
		for round := range rounds {
			for j, c := range list {
				if round > 0 && all[j]+top[j] > patience {
					continue
				}
				start := time.Now()
				c.engine.all(p, matchtest.Submitted)
				middle := time.Now()
				c.engine.top(p, matchtest.Submitted, perNeed)
				end := time.Now()
				if round == 0 || middle.Sub(start) < all[j] {
					all[j] = middle.Sub(start)
				}
				if round == 0 || end.Sub(middle) < top[j] {
					top[j] = end.Sub(middle)
				}
			}
		}
		for j, c := range list {
			c.all += all[j] / time.Duration(len(people))
			c.top += top[j] / time.Duration(len(people))
		}
	}
	for _, c := range list {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for i := range people {
			c.engine.all(&people[i], matchtest.Submitted)
		}
		runtime.ReadMemStats(&after)
		c.allocs = float64(after.Mallocs-before.Mallocs) / float64(len(people))
	}
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

func report(s settings, name string, list []*contender, opened time.Duration) (figures []Figure) {
	add := func(what string, ours, baseline float64, unit string) {
		figures = append(figures, figure(name+": "+what, ours, baseline, unit))
	}
	us := list[0]
	fmt.Fprintf(s.out, "%-14s %12s %8s %12s %8s %10s %10s %12s\n", "engine", "all µs", "times", "top 5 µs", "times", "allocs", "MB", "build ms")
	for _, c := range list {
		fmt.Fprintf(s.out, "%-14s %12.1f %8.1f %12.1f %8.1f %10.1f %10.1f %12.1f\n", c.name, micros(c.all), float64(c.all)/float64(us.all),
			micros(c.top), float64(c.top)/float64(us.top), c.allocs, float64(c.bytes)/1e6, micros(c.built)/1e3)
		if c != us {
			add("all matches, to "+c.name, micros(us.all), micros(c.all), "µs")
			add("top 5 of each need, to "+c.name, micros(us.top), micros(c.top), "µs")
		}
	}
	fmt.Fprintf(s.out, "%-14s %12.1f µs to open\n", oursName, micros(opened))
	add("load, to build", micros(opened), micros(us.built), "µs")
	if strings.HasPrefix(name, catalogues[0].name) {
		add("memory, to 150 bytes a service", float64(us.bytes)/1e6, 150*float64(us.engine.(*ours).Services())/1e6, "MB")
	}
	return figures
}
