package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/shared/fairness"
)

const aboutFairness = `Fairness draws people who do not exist, lets the engine match them with a catalogue, and
says how each group fares: by language of origin, gender, age, legal status and region.
It holds every answer to the rules themselves, and shares scarce places out among the
same people. Who is drawn is assumed, not measured: see docs/fairness.md.

The exit code is 3 if the engine offers what the rules don't, or less than they do.`

func newFairness(o *options) *cobra.Command {
	m := &matcher{options: o}
	people, seed := 2000, uint64(1)
	command := &cobra.Command{
		Use: "fairness", Short: "Say how groups of people fare with a catalogue", Long: aboutFairness,
		Example: "  immersectl fairness -c es\n  immersectl fairness -c it --population 10000 --seed 7 --json",
		Args:    noArguments, RunE: func(*cobra.Command, []string) error { return m.fairness(people, seed) },
	}
	flags := command.Flags()
	flags.IntVar(&people, "population", people, "how many people are drawn, to 100000")
	flags.Uint64Var(&seed, "seed", seed, "other numbers draw other people")
	flags.StringVar(&m.catalogue, "catalogue", "", "services (default the country's pack)")
	flags.StringVar(&m.organizations, "organizations", "", "more organizations, for the languages that services work in")
	flags.StringVar(&m.at, "at", "", "day, in the country's time zone, or a time with its zone (default now)")
	return command
}

func (m *matcher) fairness(people int, seed uint64) error {
	m.report.out = m.err
	defer m.report.close()
	if people < 1 || people > 100_000 {
		return badInput("--population %d is not from 1 to 100000", people)
	}
	pack, err := m.pack()
	if err != nil {
		return err
	}
	at, err := m.time(pack)
	if err != nil {
		return err
	}
	source, err := m.source(pack)
	if err != nil {
		return err
	}
	engine, err := newEngine(source)
	if err != nil {
		return err
	}
	pack.Services, pack.Organizations = source.Services, source.Organizations // the pack is this run's own
	report, err := fairness.Synthetic(engine, pack, people, seed, at)
	if err != nil {
		return err
	}
	if m.json {
		err = printJSON(m.out, report)
	} else {
		err = report.Print(m.out)
	}
	if err != nil {
		return err
	}
	broken := report.Violations
	for _, b := range report.Batches {
		broken += b.Violations
	}
	switch {
	case broken+report.Missed > 0:
		return &coded{exitAttention, fmt.Sprintf("the engine breaks the rules: %d violations, %d missed", broken, report.Missed)}
	case m.report.problems > 0:
		return badInput("%s: what they are about was left out of the catalogue", counted(m.report.problems))
	}
	return nil
}
