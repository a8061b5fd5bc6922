package batch

import (
	"fmt"
	"maps"
	"slices"

	"github.com/miict/immerse/shared/assign"
	"github.com/miict/immerse/shared/eligibility"
)

// round is one of the two assignments as a problem of package assign.
type round struct {
	verdict  eligibility.Verdict
	services []string // those with places left
	groups   []string
	requests []*asked // those with options
	problem  assign.Problem
}

// round makes the problem of those who have no place yet, with the offers of one kind.
func (p *proposer) round(verdict eligibility.Verdict, takes func(offer) bool) *round {
	r := &round{verdict: verdict}
	service, group := map[string]int{}, map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(p.left)) {
		if p.left[id] > 0 {
			service[id] = len(r.services)
			r.services = append(r.services, id)
			r.problem.Places = append(r.problem.Places, p.left[id])
		}
	}
	for _, request := range p.all {
		group[request.group] = 0
	}
	r.groups = slices.Sorted(maps.Keys(group))
	for i, name := range r.groups {
		group[name] = i
	}
	r.problem.Floors = make([]int, len(r.groups))
	for _, request := range p.all {
		if request.given != nil {
			continue
		}
		var options []assign.Option
		for _, o := range request.offers {
			if at, open := service[o.service]; open && takes(o) {
				options = append(options, assign.Option{
					Service: int32(at), Points: int32(o.points), Lot: o.lot, //nolint:gosec // Solve refuses what is beyond its bounds
				})
			}
		}
		if len(options) > 0 {
			r.requests = append(r.requests, request)
			r.problem.Requests = append(r.problem.Requests, assign.Request{Group: group[request.group], Options: options})
		}
	}
	return r
}

// solve solves the round with floors; nil: without.
func (r *round) solve(floors []int) (*assign.Solution, error) {
	clear(r.problem.Floors)
	copy(r.problem.Floors, floors)
	found, err := assign.Solve(&r.problem)
	if err != nil {
		return nil, fmt.Errorf("batch: %w", err)
	}
	return found, nil
}

// floors are each group's share of the places that can be given, by how many of the group could take one, of which the
// percentage is guaranteed, rounded down.
func (r *round) floors(percent, places int) []int {
	floors := make([]int, len(r.groups))
	for _, request := range r.problem.Requests {
		floors[request.Group]++
	}
	for g, could := range floors {
		if len(r.requests) > 0 {
			floors[g] = percent * places * could / (100 * len(r.requests))
		}
	}
	return floors
}

// written is the round as a proposal has it.
func (r *round) written(found *assign.Solution) Round {
	written := Round{Verdict: r.verdict, Services: []PricedService{}, Groups: []PricedGroup{}, Requests: []Request{}}
	for j, id := range r.services {
		written.Services = append(written.Services, PricedService{id, r.problem.Places[j], found.ServicePrices[j]})
	}
	for g, id := range r.groups {
		written.Groups = append(written.Groups, PricedGroup{id, r.problem.Floors[g], found.GroupPrices[g]})
	}
	for i, request := range r.requests {
		q := Request{Reference: request.reference, Need: request.need, Group: request.group}
		for _, o := range r.problem.Requests[i].Options {
			q.Options = append(q.Options, Option{r.services[o.Service], int64(o.Points)})
		}
		if request.given != nil {
			q.Service = request.given.service
		}
		written.Requests = append(written.Requests, q)
	}
	return written
}

// groups says how each group fares, and why a floor means less than one would think.
func (p *proposer) groups(r *round, floors []int) ([]Group, error) {
	all := make([]Group, len(r.groups))
	at := map[string]*Group{}
	for g, id := range r.groups {
		all[g] = Group{ID: id, Floor: floors[g]}
		at[id] = &all[g]
	}
	for _, request := range p.all {
		at[request.group].Asked++
	}
	for _, request := range r.requests {
		group := at[request.group]
		group.Could++
		if request.given != nil {
			group.Proposed++
		}
		if request.free {
			group.Without++
		}
	}
	for g := range all {
		if err := p.note(r, g, &all[g]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (p *proposer) note(r *round, g int, group *Group) error {
	switch {
	case group.Could == 0:
		group.Note, group.Why = NoteNobody, p.why(group.ID)
	case group.Proposed < group.Floor:
		alone := assign.Problem{Places: r.problem.Places, Floors: []int{0}}
		for _, request := range r.problem.Requests {
			if request.Group == g {
				alone.Requests = append(alone.Requests, assign.Request{Options: request.Options})
			}
		}
		most, err := assign.Solve(&alone)
		if err != nil {
			return fmt.Errorf("batch: %w", err)
		}
		group.Note = NoteCompete
		if most.Value[assign.Placed] < int64(group.Floor) {
			group.Note = NoteFewOpen
		}
	case group.Floor == 0 && p.call.FloorPercent > 0:
		group.Note = NoteNoFloor
	}
	return nil
}

// why counts what keeps the people of a group from qualifying, by the first reason of each.
func (p *proposer) why(group string) map[string]int {
	counts := map[string]int{}
	for _, request := range p.all {
		if request.group != group {
			continue
		}
		code := request.missed[0].Code
		for _, o := range request.offers {
			for _, reason := range o.reasons {
				if reason.Code == eligibility.ReasonToCheck {
					code = reason.Code
				}
			}
		}
		counts[code]++
	}
	return counts
}
