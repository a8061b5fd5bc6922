package fairness

import (
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/groups"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/population"
)

// needs are those whose places the report shares out: the one that nearly all services of are courses, and the one that
// lacks places everywhere.
var needs = []string{"language", "accommodation"}

// Synthetic measures an engine by people who do not exist, and shares scarce places among them, by language of origin and
// by legal status. at is the time they are matched at, and only that: the same seed and year draw the same people.
func Synthetic(engine match.Engine, pack *country.Pack, people int, seed uint64, at time.Time) (*Report, error) {
	drawn, err := population.Draw(pack, at.Year(), people, seed)
	if err != nil {
		return nil, err
	}
	report, err := Measure(engine, pack, drawn, at)
	if err != nil {
		return nil, err
	}
	report.Synthetic = true
	for _, need := range needs {
		for _, by := range []groups.Attribute{groups.Language, groups.LegalStatus} {
			if err := report.Share(engine, pack, drawn, at, need, by); err != nil {
				return nil, err
			}
		}
	}
	return report, nil
}
