package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/infra/immersectl/internal/foreign"
	"github.com/miict/immerse/shared/catalogue/feed"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/match"
)

const aboutMatch = `Match says which services each person would be offered, and why. Nothing is stored or sent.

A catalogue line is an HSDS service with its "immerse" object; organizations may stand
among them. A profile is the body of an application with an "id". Both may also be JSON
lists; "-" reads standard input. The output has one line for each profile:

  {"profile":"p1","matches":[{"service":"…","need":"language","verdict":"check",
   "missing":["birth_year"],"score":0.41,"reasons":[{"code":"…","params":{}}]}]}

Matches are in the order of the person's needs; in each need eligible before check,
then by score, then by service id. Without --all, as many as the country shows a person.

A line that can't be read, or whose rules are not all understood, is left out and named
on standard error; the rest is matched and the exit code is 2. With --strict nothing is
matched with such a catalogue, and notes about odd input count as problems.`

const matchExamples = `  immersectl match --country es --profiles profiles.ndjson
  immersectl match --country es --catalogue services.ndjson --profiles profiles.ndjson --at 2026-11-01 --all
  immersectl catalogue import feed.json | immersectl match -c it --catalogue - --profiles p.ndjson`

// matcher is one dry run.
type matcher struct {
	*options
	catalogue     string
	snapshot      string
	organizations string
	profiles      string
	at            string
	all           bool
	strict        bool
	report        report
}

func newMatch(o *options) *cobra.Command {
	m := &matcher{options: o}
	command := &cobra.Command{
		Use: "match --profiles FILE", Short: "Try out whom a catalogue would match", Long: aboutMatch, Example: matchExamples,
		Args: noArguments, RunE: func(*cobra.Command, []string) error { return m.run() },
	}
	flags := command.Flags()
	flags.StringVar(&m.snapshot, "snapshot", "", "a compiled catalogue instead (immersectl catalogue download): the same person and time give the same result, byte for byte")
	flags.StringVar(&m.catalogue, "catalogue", "", "services (default the country's pack)")
	flags.StringVar(&m.organizations, "organizations", "", "more organizations, for the languages that services work in")
	flags.StringVar(&m.profiles, "profiles", "", "the people (required)")
	flags.StringVar(&m.at, "at", "", "day of submission in the country's time zone, 2026-11-01, or a time with its zone (default now)")
	flags.BoolVar(&m.all, "all", false, "every match, not only those that a person is shown")
	flags.BoolVar(&m.strict, "strict", false, "refuse a catalogue with any problem or note, and stop at the first such profile")
	return command
}

func (m *matcher) run() error {
	m.report.out = m.err
	defer m.report.close()
	pack, err := m.pack()
	if err != nil {
		return err
	}
	at, err := m.time(pack)
	if err != nil {
		return err
	}
	if m.profiles == "" {
		return badInput("whose matches? Add --profiles FILE")
	}
	if m.profiles == stdin && m.catalogue == stdin {
		return badInput("the catalogue and the profiles can't both be standard input")
	}
	if m.snapshot != "" && m.catalogue+m.organizations != "" {
		return badInput("a snapshot is a whole catalogue: leave --catalogue and --organizations out")
	}
	var engine match.Engine
	perNeed := pack.MatchesPerNeed
	if m.snapshot != "" {
		engine, perNeed, err = m.fromSnapshot(pack)
	} else {
		engine, err = m.engine(pack)
	}
	if err != nil {
		return err
	}
	if err := m.matchAll(engine, at, perNeed); err != nil {
		return err
	}
	if m.report.problems > 0 {
		return badInput("%s: what they are about was left out, the rest was matched", counted(m.report.problems))
	}
	return nil
}

// time reads --at.
func (m *matcher) time(pack *country.Pack) (time.Time, error) {
	if m.at == "" {
		return m.now(), nil
	}
	zone, err := pack.Location()
	if err != nil {
		return time.Time{}, fmt.Errorf("time zone of %s: %w", pack.Code, err)
	}
	if day, err := time.ParseInLocation(time.DateOnly, m.at, zone); err == nil {
		return day, nil
	}
	at, err := time.Parse(time.RFC3339, m.at)
	if err != nil {
		return time.Time{}, badInput("--at %q is neither a day like 2026-11-01 nor a time like 2026-11-01T12:00:00Z", m.at)
	}
	return at, nil
}

// answer is one line of the output.
type answer struct {
	Profile string        `json:"profile"`
	Matches []match.Match `json:"matches"`
}

// matchAll answers for one profile after the other, so that any number of them fit.
func (m *matcher) matchAll(engine match.Engine, at time.Time, perNeed int) error {
	if m.all {
		perNeed = 0
	}
	out := bufio.NewWriter(m.out)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	going := m.progress("profiles matched")
	defer going.end()
	err := m.each(m.profiles, func(r feed.Record) error {
		id, profile, findings := foreign.Profile(r.Data)
		if err := m.found(m.profiles+": "+r.Place, findings); err != nil || len(findings.Problems) > 0 {
			return err
		}
		if id == "" {
			id = r.Place
		}
		going.step()
		result := match.Limit(engine.Match(profile, at), perNeed)
		return written(encoder.Encode(answer{id, result.Matches}))
	})
	return errors.Join(err, written(out.Flush()))
}

// found reports what there is to say about a record; with --strict, anything ends the work.
func (m *matcher) found(place string, findings foreign.Findings) error {
	for _, problem := range findings.Problems {
		m.report.problem(place, problem)
	}
	for _, note := range findings.Notes {
		m.report.note(place, note)
	}
	if m.strict && len(findings.Problems)+len(findings.Notes) > 0 {
		return badInput("stopped at %s, as --strict asks", place)
	}
	return nil
}
