package assign

import "math"

// Solve finds the best assignment. The error wraps ErrProblem. The same problem gives the same solution, always.
func Solve(p *Problem) (*Solution, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	n := newNetwork(p)
	s := &simplex{tree: newTree(n), full: make([]bool, n.root)}
	for node := n.groups; node < n.root; node++ {
		s.full[node] = true
	}
	arcs := 0
	for i := range p.Requests {
		arcs += len(p.Requests[i].Options) + 1
	}
	s.block = max(blockLeast, int(math.Sqrt(float64(arcs))))
	for s.price() {
		s.pivot()
	}
	return s.solution(), nil
}

// blockLeast is how many arcs are looked at, at the least, before the best of them enters.
const blockLeast = 100

// simplex is the state of the method between two pivots.
type simplex struct {
	*tree
	full  []bool // of a service or group: the arc of it that is not in the tree is full
	block int
	at    int32 // the node at which pricing goes on

	entering arc
	back     bool // the entering arc is full, and is to carry less
	gain     Value
}

// price finds an arc to enter the tree: the one with the largest gain of a block of arcs. It goes round from where it left
// off; false: a whole round has no gain, so the flow is the best.
func (s *simplex) price() bool {
	s.gain = Value{}
	seen := 0
	for range s.root {
		if s.at < s.services {
			seen += s.priceRequest(s.at)
		} else {
			s.priceBound(s.at)
			seen++
		}
		if s.at++; s.at == s.root {
			s.at = 0
		}
		if seen >= s.block && s.gain != (Value{}) {
			return true
		}
		if seen >= s.block {
			seen = 0
		}
	}
	return s.gain != Value{}
}

func (s *simplex) priceRequest(i int32) (seen int) {
	worth, best, which := s.worth[i], s.worth[i].plus(s.gain), int32(None-1)
	if without := s.worth[s.groupOf(i)]; best.Less(without) {
		best, which = without, None
	}
	options := s.Requests[i].Options
	for k := range options {
		o := &options[k]
		there := &s.worth[s.services+o.Service]
		// Part by part, for the sake of speed: the points settle most of them.
		if there[0] < best[0] || there[0] == best[0] && (there[1]+1 < best[1] ||
			there[1]+1 == best[1] && there[2]+int64(o.Points) < best[2]) {
			continue
		}
		if worth := o.value().plus(*there); best.Less(worth) {
			best, which = worth, int32(k)
		}
	}
	if which >= None {
		s.entering, s.back, s.gain = arc{i, which}, false, best.minus(worth)
	}
	return len(options) + 1
}

// priceBound looks at the arcs of a service or group that are not in the tree.
func (s *simplex) priceBound(node int32) {
	outside := arc{node, 0}
	if s.parent[node] == s.root && s.by[node].tail == node {
		if node < s.groups {
			return // its only arc
		}
		outside.which = 1 - s.by[node].which
		s.consider(outside)
		return
	}
	s.consider(outside)
	if node >= s.groups { // it hangs on a request, and both its arcs are outside
		s.consider(arc{node, costs})
	}
}

// consider prices an arc to the root. One that can carry nothing stays out: it would spoil the tree.
func (s *simplex) consider(a arc) {
	if s.limit(a) == 0 {
		return
	}
	gain := s.value(a).minus(s.worth[a.tail])
	back := s.isFull(a)
	if back {
		gain = Value{}.minus(gain)
	}
	if s.gain.Less(gain) {
		s.entering, s.back, s.gain = a, back, gain
	}
}

// isFull tells whether an arc outside the tree is at its limit. The arc that costs never is: it has none.
func (s *simplex) isFull(a arc) bool {
	return a.tail >= s.services && (a.tail < s.groups || a.which == free) && s.full[a.tail]
}

// pivot sends as much as possible round the cycle that the entering arc closes, and takes out the arc that stops it.
func (s *simplex) pivot() {
	from, to := s.entering.tail, s.head(s.entering)
	if s.back {
		from, to = to, from
	}
	join := s.join(from, to)
	// Of several arcs that stop the flow, the last one on the cycle from the join on leaves: so the tree stays strongly
	// feasible. That way goes down to from, through the entering arc, and up from to.
	most, cut, below := s.limit(s.entering), int32(none), int32(none)
	for at := from; at != join; at = s.parent[at] {
		if room := s.room(at, false); room < most {
			most, cut, below = room, at, from
		}
	}
	for at := to; at != join; at = s.parent[at] {
		if room := s.room(at, true); room <= most {
			most, cut, below = room, at, to
		}
	}
	for at := from; at != join; at = s.parent[at] {
		s.send(at, false, most)
	}
	for at := to; at != join; at = s.parent[at] {
		s.send(at, true, most)
	}
	if cut == none { // the entering arc itself is what stops it
		s.full[s.entering.tail] = !s.back
		return
	}
	s.exchange(cut, below, from+to-below, most)
}

// exchange puts the entering arc, by which node is to hang on parent, in the place of the one above cut.
func (s *simplex) exchange(cut, node, parent, sent int32) {
	if leaving := s.by[cut]; leaving.tail >= s.services && s.limit(leaving) != unlimited {
		s.full[leaving.tail] = s.flow[cut] > 0
	}
	flow := sent
	if s.back {
		flow = s.limit(s.entering) - sent
	}
	s.rehang(cut, node, parent, s.entering, flow)
}

// room is how much more can go through the arc by which a node hangs, up to its parent or down from it.
func (s *simplex) room(node int32, up bool) int32 {
	if s.upward(node) != up {
		return s.flow[node]
	}
	if limit := s.limit(s.by[node]); limit != unlimited {
		return limit - s.flow[node]
	}
	return unlimited
}

func (s *simplex) send(node int32, up bool, amount int32) {
	if s.upward(node) != up {
		amount = -amount
	}
	s.flow[node] += amount
}

// solution reads the assignment from the flow, and the prices from what the nodes are worth.
func (s *simplex) solution() *Solution {
	found := &Solution{Chosen: make([]int, len(s.Requests))}
	for i := range found.Chosen {
		found.Chosen[i] = None
	}
	placed := make([]int, len(s.Floors))
	for node := range s.root {
		if by := s.by[node]; by.tail < s.services && by.which != None && s.flow[node] > 0 {
			found.Chosen[by.tail] = int(by.which)
			found.Value = found.Value.plus(s.value(by))
			placed[s.Requests[by.tail].Group]++
		}
	}
	for g, floor := range s.Floors {
		found.Value[Guaranteed] += int64(min(floor, placed[g]))
	}
	found.ServicePrices = s.prices(s.services, s.groups)
	found.GroupPrices = s.prices(s.groups, s.root)
	return found
}

// prices are what a unit less at each node would be worth; what nobody wants costs nothing.
func (s *simplex) prices(first, end int32) []Value {
	prices := make([]Value, 0, end-first)
	for node := first; node < end; node++ {
		price := Value{}.minus(s.worth[node])
		if price.Less(Value{}) {
			price = Value{}
		}
		prices = append(prices, price)
	}
	return prices
}
