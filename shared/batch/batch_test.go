package batch_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/assign/certificate"
	"github.com/miict/immerse/shared/batch"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/groups"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/matchtest"
)

func engine(t rapid.TB, source match.Source) match.Engine {
	t.Helper()
	catalogue, err := match.New(source)
	if err != nil {
		t.Fatal(err)
	}
	return match.NewLinear(catalogue)
}

func propose(t rapid.TB, e match.Engine, call batch.Call, people []batch.Person) *batch.Proposal {
	t.Helper()
	p, err := batch.Propose(e, call, people)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func encoded(t rapid.TB, p *batch.Proposal) []byte {
	t.Helper()
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// drawn is any batch: any catalogue, any people, few places.
type drawn struct {
	source match.Source
	call   batch.Call
	people []batch.Person
}

func draw(t *rapid.T) drawn {
	d := drawn{source: matchtest.Source().Draw(t, "source")}
	d.call = batch.Call{
		ID: "batch", At: matchtest.Time().Draw(t, "at"), Places: map[string]int{}, FloorPercent: rapid.IntRange(0, 100).Draw(t, "percent"),
		FloorBy: rapid.SliceOfNDistinct(rapid.SampledFrom(groups.Attributes), 0, 2, rapid.ID[groups.Attribute]).Draw(t, "by"),
	}
	for _, s := range d.source.Services {
		if rapid.IntRange(0, 3).Draw(t, "called") > 0 {
			d.call.Places[s.ID] = rapid.IntRange(0, 4).Draw(t, "places")
		}
		if s.Immerse != nil {
			d.call.Needs = append(d.call.Needs, s.Immerse.Needs...)
		}
	}
	for i := range rapid.IntRange(0, 40).Draw(t, "people") {
		d.people = append(d.people, batch.Person{Reference: fmt.Sprint("r", i), Profile: matchtest.Profile().Draw(t, "profile")})
	}
	return d
}

// TestAnyBatch: whatever the catalogue and the people, the proposal is proved, gives places only where the rules allow it,
// and has an outcome for everybody who asked.
func TestAnyBatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		e := engine(t, d.source)
		p := propose(t, e, d.call, d.people)
		if err := certificate.CheckProposal(encoded(t, p)); err != nil {
			t.Fatal(err)
		}
		profiles := map[string]eligibility.Profile{}
		requests := 0
		for _, person := range d.people {
			profiles[person.Reference] = person.Profile
			for i, need := range person.Profile.Needs {
				if slices.Contains(d.call.Needs, need) && !slices.Contains(person.Profile.Needs[:i], need) {
					requests++
				}
			}
		}
		if len(p.Outcomes) != requests || p.Summary.Proposed+p.Summary.Waiting+p.Summary.NoMatch != requests {
			t.Fatalf("%d outcomes for %d requests: %+v", len(p.Outcomes), requests, p.Summary)
		}
		for _, o := range p.Outcomes {
			if len(o.Reasons) == 0 {
				t.Fatalf("no reason for %+v", o)
			}
			if o.State == batch.Proposed {
				mayUse(t, d, profiles[o.Reference], o)
			}
		}
	})
}

// mayUse asks the rules themselves.
func mayUse(t *rapid.T, d drawn, profile eligibility.Profile, o batch.Outcome) {
	for _, s := range d.source.Services {
		if s.ID != o.Service {
			continue
		}
		at := d.call.At
		if d.source.Location != nil {
			at = at.In(d.source.Location)
		}
		verdict := eligibility.Evaluate(s.Immerse.Eligibility, profile, at).Verdict
		if verdict == eligibility.False || !slices.Contains(s.Immerse.Needs, o.Need) || s.Status != hsds.StatusActive {
			t.Fatalf("%s gets a place that the rules don't allow: %s", o.Reference, verdict)
		}
	}
}

// TestTheInboxIsNoQueue: the order in which people stand in the file changes nothing.
func TestTheInboxIsNoQueue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		e := engine(t, d.source)
		before := propose(t, e, d.call, d.people)
		after := propose(t, e, d.call, rapid.Permutation(d.people).Draw(t, "order"))
		if !reflect.DeepEqual(before, after) {
			t.Fatal("another order of the same people gives another proposal")
		}
	})
}

// TestChangedProposalsAreRefused: every change of what is given to whom, or of what proves it, is seen.
func TestChangedProposalsAreRefused(t *testing.T) {
	t.Parallel()
	e, call, people := course(t, 60, 9)
	change := func(name string, do func(p *batch.Proposal)) {
		p := propose(t, e, call, people)
		do(p)
		if certificate.CheckProposal(encoded(t, p)) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := certificate.CheckProposal(encoded(t, propose(t, e, call, people))); err != nil {
		t.Fatal(err)
	}
	first := func(p *batch.Proposal, state batch.State) *batch.Outcome {
		for i := range p.Outcomes {
			if p.Outcomes[i].State == state {
				return &p.Outcomes[i]
			}
		}
		t.Fatalf("nobody is %s", state)
		return nil
	}
	change("another batch", func(p *batch.Proposal) { p.Batch = "other" })
	change("another floor", func(p *batch.Proposal) { p.Rounds[0].Groups[0].Floor++ })
	change("another percentage", func(p *batch.Proposal) { p.Rule.FloorPercent = 10 })
	change("a place more", func(p *batch.Proposal) { p.Places[0].Places++ })
	change("a place more in the round", func(p *batch.Proposal) { p.Rounds[0].Services[0].Places++ })
	change("a place left out", func(p *batch.Proposal) { first(p, batch.Proposed).State = batch.Waiting })
	change("a place given away", func(p *batch.Proposal) { o := first(p, batch.Waiting); o.State, o.Service = batch.Proposed, "course" })
	change("somebody left out", func(p *batch.Proposal) { p.Outcomes = p.Outcomes[1:] })
	change("somebody twice", func(p *batch.Proposal) { p.Outcomes = append(p.Outcomes, p.Outcomes[0]) })
	change("nothing for who waits", func(p *batch.Proposal) { first(p, batch.Waiting).State = batch.NoMatch })
	change("a jump in the list", func(p *batch.Proposal) { first(p, batch.Waiting).Waiting[0].Position++ })
	change("no rounds", func(p *batch.Proposal) { p.Rounds = nil })
	change("a floor for those to be checked", func(p *batch.Proposal) { p.Rounds[1].Groups[0].Floor = 1 })
	change("a round more", func(p *batch.Proposal) { p.Rounds = append(p.Rounds, p.Rounds[1]) })
	change("another summary", func(p *batch.Proposal) { p.Summary.Proposed++ })
	for part := range 4 {
		change("another price", func(p *batch.Proposal) { p.Rounds[0].Services[0].Price[part]++ })
	}
	for i := range people {
		change("other points for one", func(p *batch.Proposal) {
			q := &p.Rounds[0].Requests[i%len(p.Rounds[0].Requests)]
			if q.Service != "" {
				q.Options[0].Points = 0
			} else {
				q.Options[0].Points += 10_000
			}
		})
	}
}

// course is a course for people who speak no Spanish, given in Spanish and Arabic: the score favours Arabic speakers, of
// whom there are a few. One in five didn't say what they speak.
func course(t testing.TB, people, places int) (match.Engine, batch.Call, []batch.Person) {
	free := float64(places)
	source := match.Source{
		Version: "v", OfferUnassured: true, Weights: country.Weights{Closeness: 0.5, Language: 0.5},
		Areas: country.NewAreas([]country.Area{{Code: "XX", Name: "Invented"}, {Code: "XX-A", Name: "A", Parent: "XX"}}),
		Services: []hsds.Service{{
			ID: "course", Name: "Spanish", Status: "active", Languages: []hsds.Language{{Code: "ar"}},
			Capacities: []hsds.Capacity{{Available: &free}},
			Immerse: &hsds.ServiceExtension{
				Needs: []string{"language"}, Areas: []string{"XX-A"},
				Eligibility: []eligibility.Clause{{Languages: map[string]eligibility.LevelRange{"es": {Max: "A2"}}}},
			},
		}},
	}
	call := batch.Call{
		ID: "course 2026", At: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Places: map[string]int{"course": places},
		Needs: []string{"language"}, FloorBy: []groups.Attribute{groups.Language}, FloorPercent: 80,
	}
	var all []batch.Person
	for i := range people {
		p := eligibility.Profile{Residence: eligibility.Residence{Region: "XX-A"}, Needs: []string{"language"}}
		if language := []string{"ar", "uk", "uk", "uk", ""}[i%5]; language != "" {
			p.Languages = []eligibility.LanguageSkill{{Code: language, Level: "native"}}
		}
		all = append(all, batch.Person{Reference: fmt.Sprintf("r%03d", i), Profile: p})
	}
	return engine(t, source), call, all
}

// TestTheFloorHoldsForTheWorseOff: by score alone, all places would go to the few whom the course suits best.
func TestTheFloorHoldsForTheWorseOff(t *testing.T) {
	t.Parallel()
	e, call, people := course(t, 60, 12)
	p := propose(t, e, call, people)
	got := map[string]batch.Group{}
	for _, g := range p.Groups {
		got[g.ID] = g
	}
	want := map[string]batch.Group{
		"language=ar": {ID: "language=ar", Asked: 12, Could: 12, Floor: 2, Proposed: 5, Without: 12},
		"language=uk": {ID: "language=uk", Asked: 36, Could: 36, Floor: 7, Proposed: 7},
		groups.NotSaid: {
			ID: groups.NotSaid, Asked: 12, Note: batch.NoteNobody, Why: map[string]int{eligibility.ReasonToCheck: 12},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	states := map[batch.State]int{}
	codes := map[string]int{}
	for _, o := range p.Outcomes {
		states[o.State]++
		codes[string(o.State)+" "+o.Reasons[0].Code]++
	}
	if states[batch.Proposed] != 12 || states[batch.Waiting] != 48 {
		t.Errorf("states %v", states)
	}
	wantCodes := map[string]int{
		"proposed " + batch.ReasonFit: 5, "proposed " + batch.ReasonFloor: 7,
		"waiting " + batch.ReasonFullFloor: 7, "waiting " + batch.ReasonFull: 41,
	}
	if !reflect.DeepEqual(codes, wantCodes) {
		t.Errorf("reasons %v, want %v", codes, wantCodes)
	}
}

// TestWhoIsToBeCheckedComesAfter: places that nobody surely qualifying wants go to those who left answers out.
func TestWhoIsToBeCheckedComesAfter(t *testing.T) {
	t.Parallel()
	e, call, people := course(t, 20, 18)
	p := propose(t, e, call, people)
	if p.Summary.Proposed != 18 || p.Summary.ToCheck != 2 {
		t.Fatalf("%+v", p.Summary)
	}
	for _, o := range p.Outcomes {
		if o.State == batch.Waiting {
			var seen []string
			for _, r := range o.Reasons {
				seen = append(seen, r.Code)
			}
			want := []string{batch.ReasonFull, batch.ReasonSureFirst, batch.ReasonFullLot, eligibility.ReasonToCheck}
			if !slices.Equal(seen, want) {
				t.Errorf("%v, want %v", seen, want)
			}
		}
	}
}

// TestAFloorThatCantBeKeptIsNamed: a group that only a narrow service takes, and two groups that need the same one.
func TestAFloorThatCantBeKeptIsNamed(t *testing.T) {
	t.Parallel()
	source := match.Source{
		Areas: country.NewAreas([]country.Area{{Code: "XX", Name: "Invented"}}), OfferUnassured: true,
		Weights: country.Weights{Closeness: 1},
	}
	service := func(id string, status ...string) {
		source.Services = append(source.Services, hsds.Service{ID: id, Status: "active", Immerse: &hsds.ServiceExtension{
			Needs: []string{"health"}, Areas: []string{"XX"}, Eligibility: []eligibility.Clause{{LegalStatus: status}},
		}})
	}
	service("narrow", "asylum_seeker", "undocumented")
	service("wide", "refugee")
	call := batch.Call{
		ID: "b", Places: map[string]int{"narrow": 2, "wide": 40}, Needs: []string{"health"},
		FloorBy: []groups.Attribute{groups.LegalStatus}, FloorPercent: 100,
	}
	var people []batch.Person
	for i, status := range strings.Fields(strings.Repeat("refugee ", 40) + strings.Repeat("asylum_seeker ", 20) + strings.Repeat("undocumented ", 4)) {
		people = append(people, batch.Person{Reference: fmt.Sprintf("%02d", i), Profile: eligibility.Profile{
			LegalStatus: status, Residence: eligibility.Residence{Region: "XX"}, Needs: []string{"health"},
		}})
	}
	p := propose(t, engine(t, source), call, people)
	notes := map[string]string{}
	for _, g := range p.Groups {
		notes[g.ID] = fmt.Sprintf("%d of %d: %s", g.Proposed, g.Floor, g.Note)
	}
	// The four undocumented are too few for a group of their own; the asylum seekers, the smallest other group, join them.
	want := map[string]string{"legal_status=refugee": "40 of 26: ", groups.Merged: "2 of 15: " + batch.NoteFewOpen}
	if !reflect.DeepEqual(notes, want) {
		t.Errorf("%v", notes)
	}
	// Twelve of each, and ten places that both need: each could have its floor of nine alone.
	people = people[:52:52]
	for i := range 12 {
		person := batch.Person{Reference: fmt.Sprint("more", i), Profile: people[0].Profile}
		person.Profile.LegalStatus = "undocumented"
		people = append(people, person)
	}
	call.Places["narrow"] = 10
	short, given := 0, 0
	for _, g := range propose(t, engine(t, source), call, people).Groups {
		if g.ID == "legal_status=refugee" {
			continue
		}
		given += g.Proposed
		if g.Floor != 9 || (g.Proposed < 9) != (g.Note == batch.NoteCompete) {
			t.Errorf("%+v", g)
		}
		if g.Note != "" {
			short++
		}
	}
	if short == 0 || given != 10 {
		t.Errorf("%d groups are short of their floors, %d places are given", short, given)
	}
}

func TestBadCallsAreRefused(t *testing.T) {
	t.Parallel()
	e, call, people := course(t, 2, 1)
	for name, change := range map[string]func(*batch.Call, *[]batch.Person){
		"no id":           func(c *batch.Call, _ *[]batch.Person) { c.ID = "" },
		"a floor of 101":  func(c *batch.Call, _ *[]batch.Person) { c.FloorPercent = 101 },
		"negative places": func(c *batch.Call, _ *[]batch.Person) { c.Places = map[string]int{"course": -1} },
		"unknown group":   func(c *batch.Call, _ *[]batch.Person) { c.FloorBy = []groups.Attribute{"hair"} },
		"no reference":    func(_ *batch.Call, p *[]batch.Person) { *p = []batch.Person{{}} },
		"the same twice":  func(_ *batch.Call, p *[]batch.Person) { *p = append(*p, (*p)[0]) },
	} {
		c, p := call, slices.Clone(people)
		change(&c, &p)
		if _, err := batch.Propose(e, c, p); !errors.Is(err, batch.ErrCall) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzCheckProposal: a file from anywhere is no panic.
func FuzzCheckProposal(f *testing.F) {
	e, call, people := course(f, 6, 2)
	f.Add(encoded(f, propose(f, e, call, people)))
	f.Fuzz(func(_ *testing.T, data []byte) { _ = certificate.CheckProposal(data) })
}
