package assign

// none is no node.
const none = -1

// tree is a spanning tree of the network: each node but the root hangs by an arc on its parent, in either direction. A
// node's worth is what a unit of flow there brings on its way to the root along the tree.
type tree struct {
	*network
	parent                []int32
	child, next, previous []int32 // the first child, and the siblings
	depth                 []int32
	by                    []arc // by which each node hangs
	flow                  []int32
	worth                 []Value
	stack                 []int32
}

// newTree begins with nobody having a place: every arc points to the root and can take more, which makes the tree strongly
// feasible.
func newTree(n *network) *tree {
	size := n.root + 1
	t := &tree{
		network: n, parent: make([]int32, size), child: make([]int32, size), next: make([]int32, size),
		previous: make([]int32, size), depth: make([]int32, size), by: make([]arc, size), flow: make([]int32, size),
		worth: make([]Value, size),
	}
	for node := range size {
		t.parent[node], t.child[node], t.next[node], t.previous[node] = none, none, none, none
	}
	for node := n.services; node < n.root; node++ {
		t.hang(node, n.root, arc{node, 0})
	}
	for g, spare := range n.spare {
		node := n.groups + int32(g)
		t.by[node].which = costs // the free arc is full
		t.flow[node] = -spare
		t.worth[node] = Value{Guaranteed: -1}
	}
	for i := range n.services {
		group := n.groupOf(i)
		t.hang(i, group, arc{i, None})
		t.flow[i], t.worth[i] = 1, t.worth[group]
		t.flow[group]++
	}
	return t
}

// hang puts a node, which hangs nowhere, under a parent.
func (t *tree) hang(node, parent int32, by arc) {
	t.parent[node], t.by[node] = parent, by
	first := t.child[parent]
	t.child[parent], t.next[node], t.previous[node] = node, first, none
	if first != none {
		t.previous[first] = node
	}
	t.depth[node] = t.depth[parent] + 1
}

// take takes a node, with all below it, from its parent.
func (t *tree) take(node int32) {
	before, after := t.previous[node], t.next[node]
	if before == none {
		t.child[t.parent[node]] = after
	} else {
		t.next[before] = after
	}
	if after != none {
		t.previous[after] = before
	}
}

// upward tells whether the arc by which a node hangs points to its parent.
func (t *tree) upward(node int32) bool { return t.by[node].tail == node }

// join finds where the ways of two nodes to the root meet.
func (t *tree) join(a, b int32) int32 {
	for a != b {
		if t.depth[a] >= t.depth[b] {
			a = t.parent[a]
		} else {
			b = t.parent[b]
		}
	}
	return a
}

// rehang cuts the arc above cut, and hangs what was below it, by node in it, under parent instead.
func (t *tree) rehang(cut, node, parent int32, by arc, flow int32) {
	shift := t.value(by).plus(t.worth[parent]).minus(t.worth[node])
	if by.tail != node {
		shift = t.worth[parent].minus(t.value(by)).minus(t.worth[node])
	}
	// The way from node up to the cut is turned round.
	for at := node; ; {
		above, byAbove, flowAbove := t.parent[at], t.by[at], t.flow[at]
		t.take(at)
		t.hang(at, parent, by)
		t.flow[at] = flow
		if at == cut {
			break
		}
		at, parent, by, flow = above, at, byAbove, flowAbove
	}
	t.move(node, shift)
}

// move corrects worth and depth of a node and of all below it.
func (t *tree) move(node int32, shift Value) {
	t.stack = append(t.stack[:0], node)
	for len(t.stack) > 0 {
		at := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.worth[at] = t.worth[at].plus(shift)
		t.depth[at] = t.depth[t.parent[at]] + 1
		for below := t.child[at]; below != none; below = t.next[below] {
			t.stack = append(t.stack, below)
		}
	}
}
