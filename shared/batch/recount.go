package batch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	"github.com/miict/immerse/shared/assign"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/groups"
)

// Recount reckons again what a proposal says besides its rounds, as far as it follows from them, and gives everything that
// is another: the summary, the table of groups, the waiting lists and this package's reasons. The rounds are those of a
// proposal that package certificate has found to be valid.
//
// What follows from people's answers alone it can't know: how many people there are, how many of a group asked and why
// none of it qualify, the reasons of matches and misses, and the terms of the call.
func (p *Proposal) Recount() error {
	r := recount{Proposal: p, free: map[requestKey]bool{}}
	if len(p.Rounds) != 2 {
		return errors.New("batch: a proposal has two rounds")
	}
	if err := r.solve(); err != nil {
		return err
	}
	r.terms()
	r.summary()
	r.outcomes()
	return errors.Join(r.problems...)
}

type requestKey struct{ reference, need string }

type recount struct {
	*Proposal
	free       map[requestKey]bool // would have a place without floors
	freePoints int64
	problems   []error
}

func (r *recount) differs(what string, said, is any) {
	if !reflect.DeepEqual(said, is) {
		r.problems = append(r.problems, fmt.Errorf("batch: %s: it says %v, and its rounds give %v", what, said, is))
	}
}

// solve finds what the first round would be without floors, and from that the table of groups.
func (r *recount) solve() error {
	first := &r.Rounds[0]
	again := &round{}
	service := map[string]int{}
	for i, s := range first.Services {
		service[s.ID] = i
		again.problem.Places = append(again.problem.Places, s.Places)
	}
	table, at, floors := make([]Group, len(first.Groups)), map[string]int{}, make([]int, len(first.Groups))
	for g, group := range first.Groups {
		table[g], at[group.ID], floors[g] = Group{ID: group.ID, Floor: group.Floor}, g, group.Floor
	}
	for _, q := range first.Requests {
		request := assign.Request{Group: at[q.Group]}
		for _, o := range q.Options {
			if o.Points > math.MaxInt32 {
				return fmt.Errorf("batch: %s: %d points", q.Reference, o.Points)
			}
			request.Options = append(request.Options, assign.Option{
				Service: int32(service[o.Service]), Points: int32(o.Points), Lot: Lot(r.Batch, q.Reference, o.Service), //nolint:gosec // Solve refuses what is beyond its bounds
			})
		}
		again.problem.Requests = append(again.problem.Requests, request)
	}
	again.problem.Floors = make([]int, len(table))
	free, err := again.solve(nil)
	if err != nil {
		return err
	}
	r.freePoints = free.Value[assign.Points]
	for i, q := range first.Requests {
		group := &table[at[q.Group]]
		group.Could++
		if q.Service != "" {
			group.Proposed++
		}
		if free.Chosen[i] != assign.None {
			group.Without++
			r.free[requestKey{q.Reference, q.Need}] = true
		}
	}
	return r.groups(again, table)
}

// groups compares the table. Who asked and why nobody qualifies is taken over, as far as it adds up.
func (r *recount) groups(again *round, table []Group) error {
	if len(r.Groups) != len(table) {
		r.differs("how many groups there are", len(r.Groups), len(table))
		return nil
	}
	asked, p := 0, &proposer{call: Call{FloorPercent: r.Rule.FloorPercent}}
	for g := range table {
		said := r.Groups[g]
		if err := p.note(again, g, &table[g]); err != nil {
			return err
		}
		table[g].Asked, table[g].Why = said.Asked, said.Why
		r.differs("group "+said.ID, said, table[g])
		asked += said.Asked
		why := 0
		for _, n := range said.Why {
			why += n
		}
		if said.Asked < said.Could || (said.Could == 0 && why != said.Asked) || (said.Could > 0 && why != 0) {
			r.problems = append(r.problems, fmt.Errorf("batch: group %s: asked and why don't add up", said.ID))
		}
	}
	r.differs("requests of all groups", asked, len(r.Outcomes))
	return nil
}

// terms looks at what is the same in every proposal, or must make sense.
func (r *recount) terms() {
	r.differs("note", r.Note, note)
	names := [2][]string{}
	for i := range names {
		for _, group := range r.Rounds[i].Groups {
			names[i] = append(names[i], group.ID)
		}
	}
	r.differs("groups of the second round", names[1], names[0])
	r.differs("smallest_group", r.Rule.Smallest, groups.Smallest)
	if _, err := time.Parse(time.RFC3339, r.At); err != nil {
		r.problems = append(r.problems, fmt.Errorf("batch: at: %w", err))
	}
	for _, o := range r.Outcomes {
		if !slices.Contains(r.Needs, o.Need) {
			r.problems = append(r.problems, fmt.Errorf("batch: %s asks for %s, for which the call is not", o.Reference, o.Need))
		}
	}
}

func (r *recount) summary() {
	again, people := Proposal{Places: r.Places, Rounds: r.Rounds, Outcomes: r.Outcomes}, map[string]bool{}
	for _, o := range r.Outcomes {
		people[o.Reference] = true
	}
	again.summarize(nil)
	again.Summary.People, again.Summary.FreePoints = r.Summary.People, r.freePoints
	for _, q := range r.Rounds[0].Requests {
		for _, o := range q.Options {
			if o.Service == q.Service {
				again.Summary.Points += o.Points
			}
		}
	}
	r.differs("summary", r.Summary, again.Summary)
	if r.Summary.People < len(people) {
		r.differs("people", r.Summary.People, len(people))
	}
}

// outcomes makes the requests anew, with what the rounds know of their offers, and compares what is said of them.
func (r *recount) outcomes() {
	p := &proposer{call: Call{Places: map[string]int{}}}
	for _, s := range r.Places {
		p.call.Places[s.Service] = s.Places
	}
	known := r.offers()
	for _, o := range r.Outcomes {
		own := known[requestKey{o.Reference, o.Need}]
		request := &asked{reference: o.Reference, need: o.Need, free: r.free[requestKey{o.Reference, o.Need}]}
		for _, w := range o.Waiting {
			request.offers = append(request.offers, offer{service: w.Service})
			if found, ok := own[w.Service]; ok {
				request.offers[len(request.offers)-1] = found
			}
		}
		if found, ok := own[o.Service]; ok && o.State == Proposed {
			request.given, request.round = &found, eligibility.Unknown
			if found.sure {
				request.round = eligibility.True
			}
		}
		p.all = append(p.all, request)
	}
	for i, again := range p.outcomes() {
		r.outcome(&r.Outcomes[i], &again, known)
	}
}

// offers are those that the rounds know, by request and service.
func (r *recount) offers() map[requestKey]map[string]offer {
	known := map[requestKey]map[string]offer{}
	for i := range r.Rounds {
		for _, q := range r.Rounds[i].Requests {
			key := requestKey{q.Reference, q.Need}
			if known[key] == nil {
				known[key] = map[string]offer{}
			}
			for _, o := range q.Options {
				known[key][o.Service] = offer{service: o.Service, points: o.Points, lot: Lot(r.Batch, q.Reference, o.Service), sure: i == 0}
			}
		}
	}
	return known
}

func (r *recount) outcome(said, again *Outcome, known map[requestKey]map[string]offer) {
	who := said.Reference + " for " + said.Need
	r.differs("the state of "+who, said.State, again.State)
	for i, w := range said.Waiting {
		if _, ok := known[requestKey{said.Reference, said.Need}][w.Service]; ok && i < len(again.Waiting) {
			r.differs("the position of "+who, w, again.Waiting[i])
		}
	}
	if said.State == NoMatch {
		return
	}
	own := 0
	for own < len(said.Reasons) && slices.Contains(Reasons, said.Reasons[own].Code) {
		own++
	}
	is, errIs := json.Marshal(again.Reasons)
	was, errWas := json.Marshal(said.Reasons[:own])
	if errIs != nil || errWas != nil || !bytes.Equal(is, was) {
		r.differs("the reasons of "+who, string(was), string(is))
	}
}
