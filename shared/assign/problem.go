// Package assign shares out places that are scarce: which of the people who ask gets a place of which service, so that
// every group has its floor as far as that can be, as many places as possible are filled, and the people fit best. It
// works with numbers only; package batch says what they mean.
//
// The problem is a flow of the largest value through this network, from left to right, one unit from each request:
//
//	              option: 1 place, points, lot
//	request i ────────────────────────────────▶ service j ──── at most Places ────▶ root
//	        │
//	        └── without a place ──▶ group g ── those that the floor can spare, free ─▶ root
//	                                        └─ each one more: one guaranteed less ──▶ root
//
// A value has several parts, compared like words in a dictionary (see Value): no weight decides how many points a floor is
// worth. Flows need of numbers only that they can be added and compared, so everything that is known of them holds.
//
// The method is the network simplex with strongly feasible trees (Cunningham 1976), which cannot cycle, and block search
// for the entering arc (Grigoriadis 1986). It keeps nothing for an option: an option outside the tree carries no flow. The
// prices that it ends with prove that the answer is the best (package certificate).
package assign

import (
	"errors"
	"fmt"
)

// Value is what an assignment is worth, the more important part first: how many places count towards floors, how many
// places are given, the sum of the points, and the sum of the lots, negative: the lower lot goes first.
type Value [4]int64

// The parts of a Value.
const (
	Guaranteed = iota
	Placed
	Points
	Lots
)

// Option is a service that may give the one who asks a place.
type Option struct {
	// Lot is from 0 to MaxLot. It decides between assignments with the same points.
	Lot int64
	// Points are from 0 to MaxPoints; more is better.
	Points int32
	// Service is an index into Problem.Places.
	Service int32
}

// Bounds that keep all sums within 64 bits.
const (
	MaxPoints = 1_000_000
	MaxLot    = 1<<40 - 1
	MaxSize   = 1 << 20 // of requests, of services and groups together, and of the places of a service
)

// Request is one person asking for one place.
type Request struct {
	// Group is an index into Problem.Floors.
	Group int
	// Options in any order, no service twice. There may be none.
	Options []Option
}

// Problem is what is to be shared out.
type Problem struct {
	// Places that each service has, 1 to MaxSize: a service without places is no part of the problem.
	Places []int
	// Floors say how many of each group should get a place before anything else counts. Where not all can be kept, as
	// many places as possible count towards them.
	Floors []int
	// Requests in any order: only ties of points and lots could depend on it.
	Requests []Request
}

// Solution is the best assignment, with its proof.
type Solution struct {
	// Chosen is the index of the option that each request gets, or None.
	Chosen []int
	// Value is what it is worth.
	Value Value
	// ServicePrices say what a place is worth to those who can't have it, and GroupPrices what is added for those of a
	// group, so that its floor is kept. No price is negative, and together they prove that no assignment is worth more
	// (package certificate).
	ServicePrices, GroupPrices []Value
}

// None is the choice of a request that gets no place.
const None = -1

// ErrProblem is wrapped by what Solve says of a problem that makes no sense.
var ErrProblem = errors.New("assign: bad problem")

func (p *Problem) validate() error {
	if len(p.Requests) > MaxSize || len(p.Places)+len(p.Floors) > MaxSize {
		return fmt.Errorf("%w: more than %d requests, or services and groups", ErrProblem, MaxSize)
	}
	for j, places := range p.Places {
		if places < 1 || places > MaxSize {
			return fmt.Errorf("%w: service %d has %d places", ErrProblem, j, places)
		}
	}
	for g, floor := range p.Floors {
		if floor < 0 {
			return fmt.Errorf("%w: group %d has the floor %d", ErrProblem, g, floor)
		}
	}
	last := make([]int, len(p.Places)) // the request, from 1, that had the service last
	for i := range p.Requests {
		if err := p.validateRequest(i, last); err != nil {
			return fmt.Errorf("%w: request %d %w", ErrProblem, i, err)
		}
	}
	return nil
}

func (p *Problem) validateRequest(i int, last []int) error {
	r := &p.Requests[i]
	if r.Group < 0 || r.Group >= len(p.Floors) {
		return fmt.Errorf("is of group %d of %d", r.Group, len(p.Floors))
	}
	for _, o := range r.Options {
		switch {
		case o.Service < 0 || int(o.Service) >= len(p.Places):
			return fmt.Errorf("has an option of service %d of %d", o.Service, len(p.Places))
		case last[o.Service] == i+1:
			return fmt.Errorf("has two options of service %d", o.Service)
		case o.Points < 0 || o.Points > MaxPoints:
			return fmt.Errorf("has an option of %d points", o.Points)
		case o.Lot < 0 || o.Lot > MaxLot:
			return fmt.Errorf("has an option with the lot %d", o.Lot)
		}
		last[o.Service] = i + 1
	}
	return nil
}

func (v Value) plus(w Value) Value {
	return Value{v[0] + w[0], v[1] + w[1], v[2] + w[2], v[3] + w[3]}
}

func (v Value) minus(w Value) Value {
	return Value{v[0] - w[0], v[1] - w[1], v[2] - w[2], v[3] - w[3]}
}

// Less tells whether v is worth less than w.
func (v Value) Less(w Value) bool {
	for part := range v {
		if v[part] != w[part] {
			return v[part] < w[part]
		}
	}
	return false
}

func (o *Option) value() Value { return Value{0, 1, int64(o.Points), -o.Lot} }
