package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/infra/immersectl/internal/foreign"
	"github.com/miict/immerse/shared/assign/certificate"
	"github.com/miict/immerse/shared/batch"
	"github.com/miict/immerse/shared/catalogue/feed"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/groups"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

const aboutAssign = `Assign proposes how the scarce places of one or more services are given to the people
who ask for them. It is a proposal: an officer decides, nobody is refused, and nothing is
stored or sent. The rule is in docs/fairness.md: each group has a floor, then as many
places as possible are given, then to those whom they fit best, then by lot.

Profiles need an "id" each: the reference. Lots are drawn from the batch's name, which is
to be made known before anybody applies. Places are those that the catalogue says are
available, or --places. With --out, the whole proposal is written as JSON, with the prices
that prove it; it holds personal data.

--verify checks such a file: that it follows its rule and that no assignment is better.
With the same --profiles and catalogue, also that these people and this catalogue give
exactly this proposal.`

const assignExamples = `  immersectl assign -c es --profiles people.ndjson --service course-1 --places 20 --batch "Course 1, March" --out proposal.json
  immersectl assign -c es --catalogue s.ndjson --profiles p.ndjson --service a --service b --places a=20 --places b=12
  immersectl assign -c es --verify proposal.json
  immersectl assign -c es --verify proposal.json --profiles people.ndjson`

// assigner is one proposal, or the check of one.
type assigner struct {
	matcher
	services, places []string
	needs, floorBy   []string
	batch            string
	floor            int
	file, verify     string
	language         string
}

func newAssign(o *options) *cobra.Command {
	a := &assigner{matcher: matcher{options: o}}
	command := &cobra.Command{
		Use: "assign --profiles FILE --service ID", Short: "Propose who gets the places of a service that has too few", Long: aboutAssign,
		Example: assignExamples, Args: noArguments, RunE: func(*cobra.Command, []string) error { return a.run() },
	}
	flags := command.Flags()
	flags.StringVar(&a.catalogue, "catalogue", "", "services (default the country's pack)")
	flags.StringVar(&a.organizations, "organizations", "", "more organizations, for the languages that services work in")
	flags.StringVar(&a.profiles, "profiles", "", "the people (required, but for --verify)")
	flags.StringVar(&a.at, "at", "", "day that ages are reckoned at, in the country's time zone, or a time with its zone (default now)")
	flags.StringArrayVar(&a.services, "service", nil, "id of a service whose places are given; may be repeated")
	flags.StringArrayVar(&a.places, "places", nil, "how many, for the only service, or ID=20 (default what the catalogue says is available)")
	flags.StringArrayVar(&a.needs, "need", nil, "only for this need; may be repeated (default all that the services serve)")
	flags.StringVar(&a.batch, "batch", "", "name of the batch, from which lots are drawn (default the services and the day)")
	flags.StringArrayVar(&a.floorBy, "floor-by", []string{string(groups.Language)}, "groups that have a floor: "+attributes()+"; repeated: crossed; none: no floors")
	flags.IntVar(&a.floor, "floor", 80, "percent of its proportional share that each group is guaranteed")
	flags.StringVar(&a.file, "out", "", "write the proposal to this file, as JSON")
	flags.StringVar(&a.verify, "verify", "", "check this proposal instead of making one")
	flags.StringVar(&a.language, "language", "en", "language of the reasons in the table")
	return command
}

func attributes() string {
	names := make([]string, len(groups.Attributes))
	for i, a := range groups.Attributes {
		names[i] = string(a)
	}
	return strings.Join(names, ", ")
}

func (a *assigner) run() error {
	a.report.out = a.err
	defer a.report.close()
	pack, err := a.pack()
	if err != nil {
		return err
	}
	if a.verify != "" {
		return a.check(pack)
	}
	at, err := a.time(pack)
	if err != nil {
		return err
	}
	if a.profiles == "" {
		return badInput("who asks? Add --profiles FILE")
	}
	if a.profiles == stdin && a.catalogue == stdin {
		return badInput("the catalogue and the profiles can't both be standard input")
	}
	source, err := a.source(pack)
	if err != nil {
		return err
	}
	if err := a.only(&source); err != nil {
		return err
	}
	call, err := a.call(source.Services, at)
	if err != nil {
		return err
	}
	proposal, err := a.propose(source, call)
	if err != nil {
		return err
	}
	if err := a.write(proposal, source.Services, pack); err != nil {
		return err
	}
	if a.report.problems > 0 {
		return badInput("%s: what they are about was left out of the catalogue", counted(a.report.problems))
	}
	return nil
}

// only leaves the services of the batch in the catalogue: of the others nobody is asked.
func (a *assigner) only(source *match.Source) error {
	if len(a.services) == 0 {
		return badInput("whose places? Add --service ID")
	}
	for i, id := range a.services {
		if slices.Contains(a.services[:i], id) {
			return badInput("--service %s stands twice", id)
		}
		if !slices.ContainsFunc(source.Services, func(s hsds.Service) bool { return s.ID == id }) {
			return badInput("the catalogue has no service %q that can be read", id)
		}
	}
	var kept []hsds.Service
	for _, s := range source.Services {
		if slices.Contains(a.services, s.ID) {
			kept = append(kept, s)
		}
	}
	source.Services = kept
	return nil
}

// call reads the flags that say what is given, and how.
func (a *assigner) call(services []hsds.Service, at time.Time) (batch.Call, error) {
	call := batch.Call{ID: a.batch, At: at, Places: map[string]int{}, Needs: a.needs, FloorPercent: a.floor}
	if call.ID == "" {
		call.ID = strings.Join(slices.Sorted(slices.Values(a.services)), "+") + " " + at.Format(time.DateOnly)
	}
	for _, by := range a.floorBy {
		if by != "none" {
			call.FloorBy = append(call.FloorBy, groups.Attribute(by))
		}
	}
	for _, places := range a.places {
		id, number, named := strings.Cut(places, "=")
		if !named && len(a.services) == 1 {
			id, number = a.services[0], places
		}
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || !slices.Contains(a.services, id) {
			return call, badInput("--places %q is neither a number, for a single --service, nor one of the services with its number, ID=20", places)
		}
		call.Places[id] = n
	}
	for i := range services {
		s := &services[i]
		if _, said := call.Places[s.ID]; !said {
			n, known := available(s)
			if !known {
				return call, badInput("the catalogue doesn't say how many places %s has; add --places %[1]s=20", s.ID)
			}
			call.Places[s.ID] = n
		}
		if len(a.needs) == 0 && s.Immerse != nil {
			call.Needs = append(call.Needs, s.Immerse.Needs...)
		}
	}
	slices.Sort(call.Needs)
	call.Needs = slices.Compact(call.Needs)
	return call, nil
}

// available is how many places a catalogue says are free: of several capacities (rooms and beds) the largest.
func available(s *hsds.Service) (places int, known bool) {
	for _, capacity := range s.Capacities {
		if capacity.Available != nil {
			places, known = max(places, int(*capacity.Available)), true
		}
	}
	return places, known
}

// propose reads the people. One that can't be read stops it: nobody is to be left out of a batch unseen.
func (a *assigner) propose(source match.Source, call batch.Call) (*batch.Proposal, error) {
	engine, err := newEngine(source)
	if err != nil {
		return nil, err
	}
	var people []batch.Person
	err = a.each(a.profiles, func(r feed.Record) error {
		id, profile, findings := foreign.Profile(r.Data)
		place := a.profiles + ": " + r.Place
		if err := a.found(place, findings); err != nil {
			return err
		}
		if id == "" || len(findings.Problems) > 0 {
			return badInput("%s can't be read or has no id; nothing is proposed, as this person would be left out", place)
		}
		people = append(people, batch.Person{Reference: id, Profile: profile})
		return nil
	})
	if err != nil {
		return nil, err
	}
	proposal, err := batch.Propose(engine, call, people)
	if errors.Is(err, batch.ErrCall) {
		return nil, badInput("%v", err)
	}
	return proposal, err
}

// write checks the proposal as anybody could, and only then gives it out.
func (a *assigner) write(p *batch.Proposal, services []hsds.Service, pack *country.Pack) error {
	data, err := encodeProposal(p)
	if err != nil {
		return err
	}
	if err := certificate.CheckProposal(data); err != nil {
		return fmt.Errorf("the proposal fails its own check, and is not given out: %w", err)
	}
	if a.file != "" {
		if err := os.WriteFile(a.file, data, 0o600); err != nil {
			return fmt.Errorf("writing the proposal: %w", err)
		}
	}
	if a.json {
		_, err := a.out.Write(data)
		return written(err)
	}
	return proposalTable{p, services, pack, a.language}.print(a.out)
}
