// Package fairness measures whether groups of people fare alike: how many find a service, how well it fits, and who gets
// the places when they are scarce. It only measures; what a figure means is said in docs/fairness.md. Groups of fewer than
// groups.Smallest people are never counted out, whoever the people are.
package fairness

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/groups"
	"github.com/miict/immerse/shared/match"
)

// Report is how the groups of a population fare.
type Report struct {
	// Synthetic: the people don't exist.
	Synthetic bool   `json:"synthetic"`
	Country   string `json:"country"`
	Catalogue string `json:"catalogue"` // version
	At        string `json:"at"`        // day
	People    int    `json:"people"`
	// Pairs of a service and a need were checked against the rules themselves. Violations are those that the engine offers
	// otherwise than the rules say, Missed those that the rules offer and the engine doesn't. Both must be 0.
	Pairs      int `json:"pairs"`
	Violations int `json:"violations"`
	Missed     int `json:"missed"`
	// All is everybody, By the same by each attribute.
	All     Row         `json:"all"`
	By      []Attribute `json:"by"`
	Batches []Batch     `json:"batches"`
}

// Row is how a group fares: means over its people, each of whom counts as much.
type Row struct {
	Group  string `json:"group"`
	People int    `json:"people"`
	// Eligible is the share of needs with a service that the person surely may use; Check of those with only services that
	// something has to be checked for.
	Eligible float64 `json:"eligible"`
	Check    float64 `json:"check"`
	// Benefit is the best score among the services that the person surely may use, 0 without one, as a mean over needs.
	Benefit float64 `json:"benefit"`
	// Services is how many services the person surely may use for a need, as a mean: where everybody finds one, it shows
	// who has a choice.
	Services float64 `json:"services"`
	// Suppressed: the group is so small, or would give such a small one away, that nothing is said of it.
	Suppressed bool `json:"suppressed,omitempty"`
}

// Attribute is everybody by an attribute, the largest group first.
type Attribute struct {
	By   string `json:"by"`
	Rows []Row  `json:"rows"`
	// Eligible and Benefit name the group that fares worst, and its value over that of all: 1 is as well as everybody.
	Eligible Worst `json:"worst_eligible"`
	Benefit  Worst `json:"worst_benefit"`
	Services Worst `json:"worst_services"`
}

// Worst is the group that fares worst.
type Worst struct {
	Group string  `json:"group"`
	Ratio float64 `json:"ratio"`
}

// Region is the further attribute of a report: the area next below the country that the person lives in.
const Region = "region"

// Measure asks the engine for everybody, and holds what it says to the rules of the pack's catalogue.
func Measure(engine match.Engine, pack *country.Pack, people []eligibility.Profile, at time.Time) (*Report, error) {
	location, err := pack.Location()
	if err != nil {
		return nil, err
	}
	at = at.In(location)
	r := &Report{Country: pack.Code, At: at.Format(time.DateOnly), People: len(people), Batches: []Batch{}}
	held := rules{pack, at}
	fared := make([]Row, len(people))
	for i, p := range people {
		result := engine.Match(p, at)
		r.Catalogue = result.Catalogue
		pairs, violations, missed := held.hold(p, result.Matches)
		r.Pairs, r.Violations, r.Missed = r.Pairs+pairs, r.Violations+violations, r.Missed+missed
		fared[i] = fares(p.Needs, result.Matches)
	}
	const all = "all"
	r.All = Row{Group: all, Suppressed: true}
	if len(people) >= groups.Smallest {
		r.All = summed(fared, func(int) string { return all })[0]
	}
	for _, by := range groups.Attributes {
		r.by(string(by), fared, func(i int) string { return groups.Of(by, people[i], at) })
	}
	r.by(Region, fared, func(i int) string { return region(pack, people[i].Residence.Region) })
	return r, nil
}

func region(pack *country.Pack, code string) string {
	line := pack.Areas.Ancestors(code)
	if len(line) < 2 {
		return groups.NotSaid // the country as a whole
	}
	return pack.Areas.Name(line[len(line)-2])
}

// fares is how one person fares.
func fares(needs []string, matches []match.Match) (row Row) {
	for _, need := range needs {
		eligible, check, best, services := 0.0, 0.0, 0.0, 0.0
		for _, m := range matches {
			switch {
			case m.Need != need:
			case m.Verdict == eligibility.True:
				eligible, best = 1, max(best, m.Score)
				services++
			default:
				check = 1
			}
		}
		row.Eligible += eligible / float64(len(needs))
		row.Check += check * (1 - eligible) / float64(len(needs))
		row.Benefit += best / float64(len(needs))
		row.Services += services / float64(len(needs))
	}
	return row
}

// by adds an attribute to the report.
func (r *Report) by(name string, fared []Row, group func(int) string) {
	a := Attribute{By: name, Rows: summed(fared, group)}
	suppress(a.Rows, func(row *Row) int { return row.People }, func(row *Row) { *row = Row{Group: row.Group, Suppressed: true} })
	a.Eligible = worst(a.Rows, r.All, func(row Row) float64 { return row.Eligible })
	a.Benefit = worst(a.Rows, r.All, func(row Row) float64 { return row.Benefit })
	a.Services = worst(a.Rows, r.All, func(row Row) float64 { return row.Services })
	r.By = append(r.By, a)
}

// summed are the means of each group, the largest first.
func summed(fared []Row, group func(int) string) []Row {
	sums := map[string]*Row{}
	for i, one := range fared {
		name := group(i)
		if sums[name] == nil {
			sums[name] = &Row{Group: name}
		}
		sum := sums[name]
		sum.People++
		sum.Eligible += one.Eligible
		sum.Check += one.Check
		sum.Benefit += one.Benefit
		sum.Services += one.Services
	}
	rows := make([]Row, 0, len(sums))
	for _, sum := range sums {
		n := float64(sum.People)
		rows = append(rows, Row{
			Group: sum.Group, People: sum.People, Eligible: rounded(sum.Eligible / n), Check: rounded(sum.Check / n),
			Benefit: rounded(sum.Benefit / n), Services: rounded(sum.Services / n),
		})
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Or(b.People-a.People, cmp.Compare(a.Group, b.Group)) })
	return rows
}

// suppress hides the groups that are too small, in rows of which the largest comes first. If that is one alone, it could be
// worked out from the total, so the next one is hidden with it.
func suppress[R any](rows []R, people func(*R) int, hide func(*R)) {
	hidden := 0
	for i := len(rows) - 1; i >= 0; i-- {
		if people(&rows[i]) < groups.Smallest || hidden == 1 {
			hide(&rows[i])
			hidden++
		}
	}
}

func worst(rows []Row, all Row, value func(Row) float64) Worst {
	found := Worst{Ratio: math.Inf(1)}
	for _, row := range rows {
		if ratio := value(row) / value(all); !row.Suppressed && value(all) > 0 && ratio < found.Ratio {
			found = Worst{row.Group, rounded(ratio)}
		}
	}
	if math.IsInf(found.Ratio, 1) {
		return Worst{Ratio: 1} // nobody to compare
	}
	return found
}

func rounded(x float64) float64 { return math.Round(x*10_000) / 10_000 }
