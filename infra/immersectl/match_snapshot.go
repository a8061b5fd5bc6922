package main

import (
	"fmt"
	"os"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/snapshot"
)

// fromSnapshot gives the engine of a compiled catalogue, and how many matches a person is shown. One of other rules is
// refused: what it gives would not be what it gave. So is one with any byte changed, also where matching doesn't look.
func (m *matcher) fromSnapshot(pack *country.Pack) (match.Engine, int, error) {
	file, err := os.ReadFile(m.snapshot)
	if err != nil {
		return nil, 0, badInput("%v", err)
	}
	opened, err := snapshot.Open(file)
	if err == nil {
		_, err = opened.Verify()
	}
	if err == nil {
		err = opened.Manifest().Check(pack.Code)
	}
	if err != nil {
		return nil, 0, badInput("%s: %v", m.snapshot, err)
	}
	settings, err := opened.Section(snapshot.Settings)
	if err != nil {
		return nil, 0, badInput("%s: %v", m.snapshot, err)
	}
	configuration, err := snapshot.ConfigurationOf(settings)
	if err != nil {
		return nil, 0, badInput("%s: %v", m.snapshot, err)
	}
	source, err := snapshot.Contents{Configuration: configuration}.Source()
	if err != nil {
		return nil, 0, badInput("%s: %v", m.snapshot, err)
	}
	if rules := match.RulesOf(source); opened.Manifest().Rules != rules {
		return nil, 0, badInput("%s is of the rules %s, this program of %s: replay it with the program of its time", m.snapshot, opened.Manifest().Rules, rules)
	}
	index, err := opened.Section(snapshot.Index)
	if err != nil {
		return nil, 0, badInput("%s: %v", m.snapshot, err)
	}
	engine, err := snapshot.OpenIndex(index)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", m.snapshot, err)
	}
	return engine, configuration.MatchesPerNeed, nil
}
