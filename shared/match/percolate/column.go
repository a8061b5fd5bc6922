package percolate

import (
	"cmp"
	"slices"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// A column has, for each code that somebody gave in a field, the people who gave it.
type column struct {
	said posting
	at   postings
}

func newColumn() column { return column{at: postings{}} }

// add files a person who answered, under each of the codes.
func (c *column) add(id uint32, given ...string) {
	c.said.list = append(c.said.list, id)
	for i, code := range given {
		if !slices.Contains(given[:i], code) {
			c.at.add(code, id)
		}
	}
}

func (c *column) pack(people int) {
	c.said.pack(people)
	c.at.pack(people)
}

// any adds to t who gave one of the codes.
func (c *column) any(t set, list []string) {
	for _, code := range list {
		c.at[code].addTo(t)
	}
}

// numbers has the people who gave a number, in its order, and at even distances of it the set of all up to there, so that
// a range is the difference of two of them and a few people more.
type numbers struct {
	said   posting
	sorted []number
	upTo   []set // the first i*step people of sorted
	step   int
}

type number struct {
	value int
	id    uint32
}

// marks is how many sets a column of numbers has at most.
const marks = 64

func (n *numbers) add(id uint32, answer func() (int, bool)) {
	if value, said := answer(); said {
		n.said.list = append(n.said.list, id)
		n.sorted = append(n.sorted, number{value, id})
	}
}

func (n *numbers) pack(people int) {
	n.said.pack(people)
	slices.SortFunc(n.sorted, func(a, b number) int { return cmp.Compare(a.value, b.value) })
	n.step = len(n.sorted)/marks + 1
	so := newSet(people)
	for i, one := range n.sorted {
		if i%n.step == 0 {
			n.upTo = append(n.upTo, slices.Clone(so))
		}
		so.add(one.id)
	}
	n.upTo = append(n.upTo, so)
}

// first gives the first people of sorted, as many as asked for.
func (n *numbers) first(many, words int) set {
	s := make(set, words)
	mark := many / n.step
	copy(s, n.upTo[mark])
	for i := mark * n.step; i < many; i++ {
		s.add(n.sorted[i].id)
	}
	return s
}

// within adds to t whose number is in the range.
func (n *numbers) within(t set, r *eligibility.Range) {
	from, to := 0, len(n.sorted)
	if r.Min != nil {
		from = n.below(*r.Min)
	}
	if r.Max != nil {
		to = n.below(*r.Max + 1)
	}
	if from < to {
		in := n.first(to, len(t))
		in.subtract(n.first(from, len(t)))
		t.unite(in)
	}
}

// below counts the numbers that are less.
func (n *numbers) below(limit int) int {
	at, _ := slices.BinarySearchFunc(n.sorted, limit, func(one number, limit int) int { return cmp.Compare(one.value, limit) })
	return at
}

// languages has for each language that somebody named those who did, by level. Whoever named any language and not this one
// is at A0.
type languages struct {
	said posting
	at   map[string]*levels
}

type levels struct {
	named   posting
	unclear posting // named without a level that we know
	ranks   []posting
}

func newLanguages() languages { return languages{at: map[string]*levels{}} }

func (l *languages) add(id uint32, facts *eligibility.Facts) {
	named := facts.Languages()
	if len(named) == 0 {
		return
	}
	l.said.list = append(l.said.list, id)
	for _, code := range named {
		one := l.at[code]
		if one == nil {
			one = &levels{ranks: make([]posting, len(codes.Levels))}
			l.at[code] = one
		}
		one.named.list = append(one.named.list, id)
		if rank, said := facts.Level(code); said {
			one.ranks[rank].list = append(one.ranks[rank].list, id)
		} else {
			one.unclear.list = append(one.unclear.list, id)
		}
	}
}

func (l *languages) pack(people int) {
	l.said.pack(people)
	for _, one := range l.at {
		one.named.pack(people)
		one.unclear.pack(people)
		for i := range one.ranks {
			one.ranks[i].pack(people)
		}
	}
}

// within adds to t whose level in a language is in the range of ranks, and to u whose level is not known although they
// named it.
func (l *languages) within(t, u set, code string, low, high int) {
	one := l.at[code]
	if one == nil {
		one = &levels{}
	}
	if low <= 0 && high >= 0 {
		rest, named := make(set, len(t)), make(set, len(t))
		l.said.addTo(rest)
		one.named.addTo(named)
		rest.subtract(named)
		t.unite(rest)
	}
	for rank := max(low, 0); rank <= min(high, len(one.ranks)-1); rank++ {
		one.ranks[rank].addTo(t)
	}
	one.unclear.addTo(u)
}

// occupations has for each ISCO-08 group the people in or under it, and those who gave exactly it.
type occupations struct {
	said         posting
	under, exact postings
}

func newOccupations() occupations { return occupations{under: postings{}, exact: postings{}} }

func (o *occupations) add(id uint32, code string) {
	if code == "" {
		return
	}
	o.said.list = append(o.said.list, id)
	o.exact.add(code, id)
	for end := 1; end <= len(code); end++ {
		o.under.add(code[:end], id)
	}
}

func (o *occupations) pack(people int) {
	o.said.pack(people)
	o.under.pack(people)
	o.exact.pack(people)
}

// in adds to t whose occupation lies in one of the groups, and to u whose answer holds one of them: it could be meant
// (decision 0102).
func (o *occupations) in(t, u set, groups []string) {
	for _, group := range groups {
		o.under[group].addTo(t)
		for end := 1; end < len(group); end++ {
			o.exact[group[:end]].addTo(u)
		}
	}
}
