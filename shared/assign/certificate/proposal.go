package certificate

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// proposal is what is read of a proposal (package batch).
type proposal struct {
	Batch string `json:"batch"`
	Rule  struct {
		FloorPercent int `json:"floor_percent"`
	} `json:"rule"`
	Places []struct {
		Service string `json:"service"`
		Places  int    `json:"places"`
	} `json:"places"`
	Summary struct {
		Proposed int `json:"proposed"`
	} `json:"summary"`
	Rounds []struct {
		Verdict string `json:"verdict"`
		Round
	} `json:"rounds"`
	Outcomes []outcome `json:"outcomes"`
}

type outcome struct {
	Reference string `json:"reference"`
	Need      string `json:"need"`
	State     string `json:"state"`
	Service   string `json:"service"`
	Waiting   []struct {
		Service  string `json:"service"`
		Position int    `json:"position"`
	} `json:"waiting"`
}

// CheckProposal checks a whole proposal: both rounds, that the second has only what the first leaves, the floors by the
// rule, and that the outcomes say what the rounds have found. It does not know the applications: whether the options are
// those of the people is for whoever has both.
func CheckProposal(data []byte) error {
	var p proposal
	if err := json.Unmarshal(data, &p); err != nil {
		return fmt.Errorf("certificate: reading the proposal: %w", err)
	}
	if len(p.Rounds) != 2 || p.Rounds[0].Verdict != "eligible" || p.Rounds[1].Verdict != "check" {
		return errors.New("certificate: a proposal has two rounds, one of those eligible and one of those to be checked")
	}
	c := proposalChecker{proposal: p, given: map[[2]string]string{}, twice: map[[2]string]bool{}}
	left := map[string]int{}
	for _, s := range p.Places {
		left[s.Service] = s.Places
	}
	for i := range p.Rounds {
		c.round(i, left)
	}
	c.floors()
	c.outcomes()
	return errors.Join(c.problems...)
}

type proposalChecker struct {
	proposal
	given    map[[2]string]string // of each reference and need: the service
	twice    map[[2]string]bool   // of each reference: the services it has
	problems []error
}

func (c *proposalChecker) problem(format string, arguments ...any) {
	c.problems = append(c.problems, fmt.Errorf("certificate: "+format, arguments...))
}

// round checks a round by itself, and that its places are those left; then it takes what it gives from them.
func (c *proposalChecker) round(i int, left map[string]int) {
	r := c.Rounds[i].Round
	if err := Check(c.Batch, r); err != nil {
		c.problem("round %d: %w", i+1, err)
	}
	has := map[string]int{}
	for _, s := range r.Services {
		has[s.ID] = s.Places
	}
	maps.DeleteFunc(left, func(_ string, places int) bool { return places == 0 })
	if !maps.Equal(has, left) {
		c.problem("round %d has other places than are left", i+1)
	}
	for _, q := range r.Requests {
		key := [2]string{q.Reference, q.Need}
		if c.given[key] != "" {
			c.problem("%s has a place for %s already, and takes part in round %d", q.Reference, q.Need, i+1)
		}
		if q.Service == "" {
			continue
		}
		if own := [2]string{q.Reference, q.Service}; c.twice[own] {
			c.problem("%s gets two places at %q", q.Reference, q.Service)
		} else {
			c.twice[own] = true
		}
		c.given[key] = q.Service
		left[q.Service]--
	}
}

// floors: each group's share of the places given in the first round, of which the rule guarantees a percentage.
func (c *proposalChecker) floors() {
	first := c.Rounds[0]
	placed, could := 0, map[string]int{}
	for _, q := range first.Requests {
		could[q.Group]++
		if q.Service != "" {
			placed++
		}
	}
	for _, g := range first.Groups {
		if all := len(first.Requests); all > 0 && g.Floor != c.Rule.FloorPercent*placed*could[g.ID]/(100*all) {
			c.problem("the floor of %q is %d, which is not what the rule gives", g.ID, g.Floor)
		}
	}
	for _, g := range c.Rounds[1].Groups {
		if g.Floor != 0 {
			c.problem("%q has a floor among those to be checked", g.ID)
		}
	}
}

// outcomes: everybody in a round has one, and it says the same.
func (c *proposalChecker) outcomes() {
	seen, proposed := map[[2]string]outcome{}, 0
	for _, o := range c.Outcomes {
		key := [2]string{o.Reference, o.Need}
		if _, twice := seen[key]; twice {
			c.problem("%s has two outcomes for %s", o.Reference, o.Need)
		}
		seen[key] = o
		if o.State == "proposed" {
			proposed++
		}
		if o.Service != c.given[key] || (o.State == "proposed") != (o.Service != "") {
			c.problem("the outcome of %s for %s is %s %q, and the rounds give %q", o.Reference, o.Need, o.State, o.Service, c.given[key])
		}
	}
	for _, r := range c.Rounds {
		for _, q := range r.Requests {
			if o, told := seen[[2]string{q.Reference, q.Need}]; !told || o.State != "proposed" && o.State != "waiting" {
				c.problem("%s takes part for %s and is told %q", q.Reference, q.Need, o.State)
			}
		}
	}
	if proposed != len(c.given) || proposed != c.Summary.Proposed {
		c.problem("%d are proposed, the rounds give %d places, and the summary says %d", proposed, len(c.given), c.Summary.Proposed)
	}
	c.waiting(seen)
}

// waiting: a list has every position once, and those who surely qualify come first, by points and then by lot.
func (c *proposalChecker) waiting(seen map[[2]string]outcome) {
	lists := map[string][]string{} // who waits, by position
	for _, o := range seen {
		for _, w := range o.Waiting {
			if w.Position < 1 || w.Position > len(c.Outcomes) {
				c.problem("%s waits at the position %d", o.Reference, w.Position)
				continue
			}
			if more := w.Position - len(lists[w.Service]); more > 0 {
				lists[w.Service] = append(lists[w.Service], make([]string, more)...)
			}
			if lists[w.Service][w.Position-1] != "" {
				c.problem("two people wait at the position %d of %q", w.Position, w.Service)
			}
			lists[w.Service][w.Position-1] = o.Reference
		}
	}
	sure := c.sure()
	for service, list := range lists {
		if slices.Contains(list, "") {
			c.problem("the waiting list of %q has a gap", service)
		}
		if first := sure[service]; len(first) > len(list) || !slices.Equal(first, list[:len(first)]) {
			c.problem("the waiting list of %q does not begin with those who surely qualify, by points and lot", service)
		}
	}
}

// sure gives those who surely qualify for each service and got no place at all, in the order that the rule says.
func (c *proposalChecker) sure() map[string][]string {
	type waiter struct {
		reference   string
		points, lot int64
	}
	all := map[string][]waiter{}
	for _, q := range c.Rounds[0].Requests {
		if c.given[[2]string{q.Reference, q.Need}] != "" {
			continue
		}
		for _, o := range q.Options {
			all[o.Service] = append(all[o.Service], waiter{q.Reference, o.Points, Lot(c.Batch, q.Reference, o.Service)})
		}
	}
	ordered := map[string][]string{}
	for service, list := range all {
		slices.SortFunc(list, func(a, b waiter) int { return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(a.lot, b.lot)) })
		for _, w := range list {
			ordered[service] = append(ordered[service], w.reference)
		}
	}
	return ordered
}
