package batch

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/miict/immerse/shared/assign"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/groups"
	"github.com/miict/immerse/shared/match"
)

// ErrCall is wrapped by what Propose says of a call or of people that make no sense.
var ErrCall = errors.New("batch: bad call")

// Propose makes the proposal. The engine needs to know the services of the call only. The same call and people, in any
// order, give the same proposal.
func Propose(engine match.Engine, call Call, people []Person) (*Proposal, error) {
	if err := call.validate(people); err != nil {
		return nil, err
	}
	p := &proposer{call: call, left: map[string]int{}}
	maps.Copy(p.left, call.Places)
	var version string
	p.all, version = ask(engine, call, people)
	proposal := &Proposal{
		Batch: call.ID, At: call.At.Format(time.RFC3339), Catalogue: version, Note: note,
		Rule: Rule{slices.Clone(call.FloorBy), call.FloorPercent, groups.Smallest}, Needs: slices.Clone(call.Needs),
	}
	for _, service := range slices.Sorted(maps.Keys(call.Places)) {
		proposal.Places = append(proposal.Places, ServicePlace{service, call.Places[service]})
	}
	if err := p.sure(proposal); err != nil {
		return nil, err
	}
	if err := p.toCheck(proposal); err != nil {
		return nil, err
	}
	proposal.Outcomes = p.outcomes()
	proposal.summarize(people)
	return proposal, nil
}

func (c *Call) validate(people []Person) error {
	var errs []error
	bad := func(format string, arguments ...any) {
		errs = append(errs, fmt.Errorf("%w: "+format, append([]any{ErrCall}, arguments...)...))
	}
	if c.ID == "" {
		bad("it has no id")
	}
	if c.FloorPercent < 0 || c.FloorPercent > 100 {
		bad("a floor of %d percent", c.FloorPercent)
	}
	for service, places := range c.Places {
		if places < 0 || places > assign.MaxSize {
			bad("service %s has %d places", service, places)
		}
	}
	for _, by := range c.FloorBy {
		if !slices.Contains(groups.Attributes, by) {
			bad("there are no groups by %q", by)
		}
	}
	seen := map[string]bool{}
	for _, person := range people {
		if person.Reference == "" || seen[person.Reference] {
			bad("the reference %q is empty or stands twice: each person needs one of their own", person.Reference)
		}
		seen[person.Reference] = true
	}
	return errors.Join(errs...)
}

// proposer is the work on one proposal.
type proposer struct {
	call Call
	all  []*asked
	left map[string]int // places of each service
}

// sure is the first round: those who surely qualify, with floors.
func (p *proposer) sure(proposal *Proposal) error {
	r := p.round(eligibility.True, func(o offer) bool { return o.sure })
	free, err := r.solve(nil)
	if err != nil {
		return err
	}
	for i, request := range r.requests {
		request.free = free.Chosen[i] != assign.None
	}
	floors := r.floors(p.call.FloorPercent, int(free.Value[assign.Placed]))
	found, err := r.solve(floors)
	if err != nil {
		return err
	}
	p.give(r, found)
	proposal.Rounds = append(proposal.Rounds, r.written(found))
	proposal.Summary.Points, proposal.Summary.FreePoints = found.Value[assign.Points], free.Value[assign.Points]
	proposal.Groups, err = p.groups(r, floors)
	return err
}

// toCheck is the second round: with the places left, those for whom something is to be checked. There are no floors, as
// nobody displaces anyone who surely qualifies.
func (p *proposer) toCheck(proposal *Proposal) error {
	r := p.round(eligibility.Unknown, func(o offer) bool { return !o.sure })
	found, err := r.solve(nil)
	if err != nil {
		return err
	}
	p.give(r, found)
	proposal.Rounds = append(proposal.Rounds, r.written(found))
	return nil
}

// give notes what a round has found.
func (p *proposer) give(r *round, found *assign.Solution) {
	for i, chosen := range found.Chosen {
		if chosen == assign.None {
			continue
		}
		service := r.services[r.problem.Requests[i].Options[chosen].Service]
		request := r.requests[i]
		for k := range request.offers {
			if request.offers[k].service == service {
				request.given, request.round = &request.offers[k], r.verdict
			}
		}
		p.left[service]--
	}
}

func (p *Proposal) summarize(people []Person) {
	s := &p.Summary
	s.People, s.Requests = len(people), len(p.Outcomes)
	for _, service := range p.Places {
		s.Places += service.Places
	}
	for _, o := range p.Outcomes {
		switch o.State {
		case Proposed:
			s.Proposed++
		case Waiting:
			s.Waiting++
		case NoMatch:
			s.NoMatch++
		}
	}
	for _, request := range p.Rounds[1].Requests {
		if request.Service != "" {
			s.ToCheck++
		}
	}
}
