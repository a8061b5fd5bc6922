package assign

import "math"

// unlimited is the capacity of an arc that its tail's own flow bounds.
const unlimited = math.MaxInt32

// arc is an arc of the network: of a request, the option with that index, or None for going without a place; of a
// service, the one to the root; of a group, the one that is free or the one that costs a guarantee.
type arc struct{ tail, which int32 }

const (
	free  = 0
	costs = 1
)

// network is a problem as a network. Its nodes are the requests, then the services, then the groups, then the root.
type network struct {
	*Problem
	services, groups, root int32 // the first service, the first group, the root
	capacity               []int32
	spare                  []int32 // how many of each group can go without a place before a guarantee is lost
}

func newNetwork(p *Problem) *network {
	n := &network{Problem: p, services: int32(len(p.Requests))} //nolint:gosec // validate bounds all sizes by MaxSize
	n.groups = n.services + int32(len(p.Places))                //nolint:gosec // likewise
	n.root = n.groups + int32(len(p.Floors))                    //nolint:gosec // likewise
	for _, places := range p.Places {
		n.capacity = append(n.capacity, int32(places)) //nolint:gosec // likewise
	}
	size, able := make([]int, len(p.Floors)), make([]int, len(p.Floors))
	for i := range p.Requests {
		group := p.Requests[i].Group
		size[group]++
		if len(p.Requests[i].Options) > 0 {
			able[group]++
		}
	}
	for g, floor := range p.Floors {
		n.spare = append(n.spare, int32(size[g]-min(floor, able[g]))) //nolint:gosec // likewise
	}
	return n
}

func (n *network) head(a arc) int32 {
	switch {
	case a.tail >= n.services:
		return n.root
	case a.which == None:
		return n.groupOf(a.tail)
	}
	return n.services + n.Requests[a.tail].Options[a.which].Service
}

func (n *network) groupOf(request int32) int32 {
	return n.groups + int32(n.Requests[request].Group) //nolint:gosec // an index of Floors
}

func (n *network) value(a arc) Value {
	switch {
	case a.tail < n.services && a.which != None:
		return n.Requests[a.tail].Options[a.which].value()
	case a.tail >= n.groups && a.which == costs:
		return Value{Guaranteed: -1}
	}
	return Value{}
}

func (n *network) limit(a arc) int32 {
	switch {
	case a.tail < n.services:
		return unlimited
	case a.tail < n.groups:
		return n.capacity[a.tail-n.services]
	case a.which == free:
		return n.spare[a.tail-n.groups]
	}
	return unlimited
}
