package fairness

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/assign/certificate"
	"github.com/miict/immerse/shared/batch"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/groups"
	"github.com/miict/immerse/shared/match"
)

// Batch is how groups fare when there are places for one in four: with floors, without, and if whoever came first got one.
type Batch struct {
	Need     string `json:"need"`
	FloorBy  string `json:"floor_by"`
	Services int    `json:"services"`
	Places   int    `json:"places"`
	// Qualify is how many surely may have one of the places, Proposed how many of them get one.
	Qualify  int `json:"qualify"`
	Proposed int `json:"proposed"`
	// Violations are proposals of a place that the rules don't allow. It must be 0.
	Violations int        `json:"violations"`
	Rows       []BatchRow `json:"rows"`
	// Worst is the group with the smallest share of places among those who qualify, over the share of all.
	Worst        Worst `json:"worst"`
	WorstWithout Worst `json:"worst_without_floors"`
	WorstFirst   Worst `json:"worst_first_come"`
	// Points are the sums of points; with floors they are no more than without.
	Points        int64 `json:"points"`
	PointsWithout int64 `json:"points_without_floors"`
	PointsFirst   int64 `json:"points_first_come"`
}

// BatchRow is a group in a batch: how many qualify and get a place, with floors, without, and first come.
type BatchRow struct {
	Group      string `json:"group"`
	Qualify    int    `json:"qualify"`
	Floor      int    `json:"floor"`
	Proposed   int    `json:"proposed"`
	Without    int    `json:"without_floors"`
	First      int    `json:"first_come"`
	Suppressed bool   `json:"suppressed,omitempty"`
}

// scarcity is how many people there are for each place.
const scarcity = 4

// Share gives the places of all services for a need to these people, one place for four who ask, spread evenly over the
// services, with floors by an attribute, and adds it to the report. People came in the order given.
func (r *Report) Share(engine match.Engine, pack *country.Pack, people []eligibility.Profile, at time.Time, need string, by groups.Attribute) error {
	location, err := pack.Location()
	if err != nil {
		return err
	}
	call := batch.Call{
		ID: "fairness " + pack.Code + " " + need, At: at.In(location), Places: map[string]int{}, Needs: []string{need},
		FloorBy: []groups.Attribute{by}, FloorPercent: 80,
	}
	var asking []batch.Person
	profiles := map[string]eligibility.Profile{}
	for i, p := range people {
		reference := fmt.Sprintf("SYNTHETIC-%06d", i)
		profiles[reference] = p
		if slices.Contains(p.Needs, need) {
			asking = append(asking, batch.Person{Reference: reference, Profile: p})
		}
	}
	services := 0
	for i := range pack.Services {
		if s := &pack.Services[i]; s.Immerse != nil && slices.Contains(s.Immerse.Needs, need) {
			services++
			call.Places[s.ID] = 0
		}
	}
	for id := range call.Places {
		call.Places[id] = (len(asking) + scarcity*services - 1) / (scarcity * services)
	}
	proposal, err := batch.Propose(engine, call, asking)
	if err != nil {
		return err
	}
	data, err := json.Marshal(proposal)
	if err != nil {
		return fmt.Errorf("fairness: encoding a proposal: %w", err)
	}
	if err := certificate.CheckProposal(data); err != nil {
		return fmt.Errorf("fairness: the proposal for %s is not proved: %w", need, err)
	}
	b := measured(proposal, need, string(by))
	b.Violations = rules{pack, call.At}.broken(pack, proposal, profiles)
	r.Batches = append(r.Batches, b)
	return nil
}

// broken counts the proposals that the rules don't allow.
func (r rules) broken(pack *country.Pack, p *batch.Proposal, profiles map[string]eligibility.Profile) (broken int) {
	for _, o := range p.Outcomes {
		if o.State != batch.Proposed {
			continue
		}
		if s, known := pack.Service(o.Service); !known || r.verdict(s, o.Need, profiles[o.Reference]) == eligibility.False {
			broken++
		}
	}
	return broken
}

func measured(p *batch.Proposal, need, by string) Batch {
	b := Batch{
		Need: need, FloorBy: by, Services: len(p.Places), Places: p.Summary.Places, Qualify: len(p.Rounds[0].Requests),
		Proposed: p.Summary.Proposed - p.Summary.ToCheck, Points: p.Summary.Points, PointsWithout: p.Summary.FreePoints,
	}
	first, points := firstCome(p)
	b.PointsFirst = points
	for _, g := range p.Groups {
		b.Rows = append(b.Rows, BatchRow{
			Group: strings.TrimPrefix(g.ID, by+"="), Qualify: g.Could, Floor: g.Floor, Proposed: g.Proposed, Without: g.Without, First: first[g.ID],
		})
	}
	slices.SortFunc(b.Rows, func(a, c BatchRow) int { return cmp.Or(c.Qualify-a.Qualify, cmp.Compare(a.Group, c.Group)) })
	suppress(b.Rows, func(row *BatchRow) int { return row.Qualify }, func(row *BatchRow) { *row = BatchRow{Group: row.Group, Suppressed: true} })
	b.Worst = b.worst(func(row BatchRow) int { return row.Proposed })
	b.WorstWithout = b.worst(func(row BatchRow) int { return row.Without })
	b.WorstFirst = b.worst(func(row BatchRow) int { return row.First })
	return b
}

// firstCome is what each group would get if everybody took the best place left when their turn comes. References are in the
// order of arrival.
func firstCome(p *batch.Proposal) (got map[string]int, points int64) {
	left, got := map[string]int{}, map[string]int{}
	for _, s := range p.Places {
		left[s.Service] = s.Places
	}
	for _, q := range p.Rounds[0].Requests {
		best := batch.Option{Points: -1}
		for _, o := range q.Options {
			if left[o.Service] > 0 && o.Points > best.Points {
				best = o
			}
		}
		if best.Service != "" {
			left[best.Service]--
			got[q.Group]++
			points += best.Points
		}
	}
	return got, points
}

// worst is the group with the smallest share of places.
func (b *Batch) worst(places func(BatchRow) int) Worst {
	rows := make([]Row, len(b.Rows))
	given, qualify := 0, 0
	for i, row := range b.Rows {
		given, qualify = given+places(row), qualify+row.Qualify
		rows[i] = Row{Group: row.Group, Suppressed: row.Suppressed, Eligible: float64(places(row)) / float64(max(row.Qualify, 1))}
	}
	all := Row{Eligible: float64(given) / float64(max(qualify, 1))}
	return worst(rows, all, func(row Row) float64 { return row.Eligible })
}
