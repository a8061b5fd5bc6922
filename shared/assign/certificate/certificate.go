// Package certificate checks that an assignment of places is the best there is, without looking for one: it knows nothing
// of how it was found, and shares no code with the solver. What it reads is one round of a proposal (package batch), so
// that whoever has the file can check it, with this package or with fifty lines of their own.
//
// Prices prove it. Whatever the prices, nobody can gain more by an option than its value, with what is added for their
// group, less the price of the place. So no assignment is worth more than all the places at their prices, plus what each
// request can gain at these prices, plus what each floor could add. If an assignment is worth exactly that, none is better.
// That is so when nobody could gain more by another option or by none, when only full services have a price, and when a
// group's addition is used up by its floor (complementary slackness); each is looked at by itself, so that an error says
// what is wrong.
package certificate

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
)

// Value is what something is worth, in parts of which the first that differs decides: places that count towards floors,
// places, points, and lots, negative.
type Value [4]int64

// Round is an assignment with what it was made from.
type Round struct {
	Services []Service `json:"services"`
	Groups   []Group   `json:"groups"`
	Requests []Request `json:"requests"`
}

// Service has places, and a price for each.
type Service struct {
	ID     string `json:"id"`
	Places int    `json:"places"`
	Price  Value  `json:"price"`
}

// Group has a floor, and a price for being of it.
type Group struct {
	ID    string `json:"id"`
	Floor int    `json:"floor"`
	Price Value  `json:"price"`
}

// Request is a person's request for a place, and the service where it gets one; empty: nowhere.
type Request struct {
	Reference string   `json:"reference"`
	Need      string   `json:"need"`
	Group     string   `json:"group"`
	Options   []Option `json:"options"`
	Service   string   `json:"service,omitempty"`
}

// Option is a service that could take the person.
type Option struct {
	Service string `json:"service"`
	Points  int64  `json:"points"`
}

// Lot is the lot that decides between equals: the first 40 bits of the SHA-256 of batch, reference and service, a line each.
// The lower one goes first.
func Lot(batch, reference, service string) int64 {
	sum := sha256.Sum256([]byte(batch + "\n" + reference + "\n" + service))
	lot := int64(0)
	for _, b := range sum[:5] {
		lot = lot<<8 | int64(b)
	}
	return lot
}

// largest is the largest number that any part of a value may have: a million of them still fit.
const largest = 1 << 42

// Check gives everything that shows that a round is not a valid assignment, or is not proved to be the best.
func Check(batch string, r Round) error {
	c := checker{batch: batch, round: r, services: map[string]int{}, groups: map[string]int{}}
	c.index()
	if len(c.problems) > 0 { // what follows needs names that mean something
		return errors.Join(c.problems...)
	}
	c.taken, c.placed, c.able = make([]int, len(r.Services)), make([]int, len(r.Groups)), make([]int, len(r.Groups))
	for _, request := range r.Requests {
		c.request(request)
	}
	c.slack()
	if c.worth != c.bound && len(c.problems) == 0 {
		c.problem("the assignment is worth %v, and the prices prove only that none is worth more than %v", c.worth, c.bound)
	}
	return errors.Join(c.problems...)
}

type checker struct {
	batch            string
	round            Round
	services, groups map[string]int
	taken            []int // places of each service
	placed, able     []int // of each group: those who get a place, and those who could get one
	worth, bound     Value
	problems         []error
}

func (c *checker) problem(format string, arguments ...any) {
	c.problems = append(c.problems, fmt.Errorf("certificate: "+format, arguments...))
}

// index learns the names, and refuses numbers that make no sense.
func (c *checker) index() {
	if len(c.round.Services)+len(c.round.Groups) > 1<<20 || len(c.round.Requests) > 1<<20 {
		c.problem("more than a million services, groups or requests")
		return
	}
	for i, s := range c.round.Services {
		if _, twice := c.services[s.ID]; twice || s.ID == "" || s.Places < 1 || s.Places > 1<<20 || !sound(s.Price) {
			c.problem("service %q: its id is not its own, or its places or its price make no sense", s.ID)
		}
		c.services[s.ID] = i
	}
	for i, g := range c.round.Groups {
		if _, twice := c.groups[g.ID]; twice || g.Floor < 0 || g.Floor > 1<<20 || !sound(g.Price) {
			c.problem("group %q: its id is not its own, or its floor or its price make no sense", g.ID)
		}
		c.groups[g.ID] = i
	}
	asked := map[[2]string]bool{}
	for _, q := range c.round.Requests {
		key := [2]string{q.Reference, q.Need}
		if asked[key] {
			c.problem("%s asks twice for %s", q.Reference, q.Need)
		}
		asked[key] = true
		if _, known := c.groups[q.Group]; !known {
			c.problem("%s is of the group %q, which is not listed", q.Reference, q.Group)
		}
		c.options(q)
	}
}

func (c *checker) options(q Request) {
	seen := map[string]bool{"": true} // no service is without a name
	for _, o := range q.Options {
		if _, known := c.services[o.Service]; !known || seen[o.Service] {
			c.problem("%s: the option %q is not listed, or stands twice", q.Reference, o.Service)
		}
		seen[o.Service] = true
		if o.Points < 0 || o.Points > largest {
			c.problem("%s: %d points for %q", q.Reference, o.Points, o.Service)
		}
	}
	if !seen[q.Service] {
		c.problem("%s gets a place at %q, which is none of the options", q.Reference, q.Service)
	}
}

// sound: not negative, and every part small enough to be added up.
func sound(price Value) bool {
	for _, part := range price {
		if part < -largest || part > largest {
			return false
		}
	}
	return compare(price, Value{}) >= 0
}

// request finds what a request can gain at the prices, and that it gets exactly that.
func (c *checker) request(q Request) {
	group := c.groups[q.Group]
	if len(q.Options) > 0 {
		c.able[group]++
	}
	gain, own := Value{}, Value{}
	for _, o := range q.Options {
		value := Value{0, 1, o.Points, -Lot(c.batch, q.Reference, o.Service)}
		there := add(value, c.round.Groups[group].Price, 1)
		there = add(there, c.round.Services[c.services[o.Service]].Price, -1)
		if compare(there, gain) > 0 {
			gain = there
		}
		if o.Service == q.Service {
			own = there
			c.worth = add(c.worth, value, 1)
			c.taken[c.services[o.Service]]++
			c.placed[group]++
		}
	}
	if own != gain {
		c.problem("%s could gain more than by %q at these prices", q.Reference, q.Service)
	}
	c.bound = add(c.bound, gain, 1)
}

// slack looks at services and groups: no more than there is, and no price for what is not used up.
func (c *checker) slack() {
	for i, s := range c.round.Services {
		if c.taken[i] > s.Places {
			c.problem("service %q: %d people for %d places", s.ID, c.taken[i], s.Places)
		}
		if c.taken[i] < s.Places && s.Price != (Value{}) {
			c.problem("service %q has a price and free places", s.ID)
		}
		c.bound = add(c.bound, s.Price, int64(s.Places))
	}
	for i, g := range c.round.Groups {
		floor := min(g.Floor, c.able[i]) // a group of three can't get four places
		kept := min(floor, c.placed[i])
		rest := add(Value{1}, g.Price, -1) // what a place towards the floor is worth beyond the group's price
		if compare(rest, Value{}) < 0 {
			rest = Value{}
		}
		if c.placed[i] > kept && g.Price != (Value{}) {
			c.problem("group %q has a price, and more places than its floor", g.ID)
		}
		if kept < floor && rest != (Value{}) {
			c.problem("group %q is short of its floor, and its price does not say so", g.ID)
		}
		c.worth[0] += int64(kept)
		c.bound = add(c.bound, rest, int64(floor))
	}
}

func add(v, w Value, times int64) Value {
	for part := range v {
		v[part] += w[part] * times
	}
	return v
}

func compare(v, w Value) int { return slices.Compare(v[:], w[:]) }
