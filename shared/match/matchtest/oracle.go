package matchtest

import (
	"fmt"
	"sort"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// Oracle is design §8 transcribed, sentence by sentence, with no regard to speed, and decisions 0101, 0102 and 0106 where
// §8 leaves something open. It takes only data from the packages that it checks and calls no function of theirs but the
// look-up of an area, and works with words ("true", "unknown", "false") on purpose.
func Oracle(source match.Source, p eligibility.Profile, at time.Time) match.Result {
	if source.Location != nil {
		at = at.In(source.Location)
	} else {
		at = at.UTC()
	}
	result := match.Result{Catalogue: source.Version, Matches: []match.Match{}, Misses: []match.Miss{}}
	asked := map[string]bool{}
	for _, need := range p.Needs {
		if asked[need] {
			continue
		}
		asked[need] = true
		var found []match.Match
		var missed []oracleMiss
		for _, s := range source.Services {
			if s.Immerse == nil || !member(need, s.Immerse.Needs) || !offered(source, s, p, at) {
				continue
			}
			judged := service(s.Immerse.Eligibility, p, at.Year())
			if judged.verdict == "false" {
				missed = append(missed, oracleMiss{match.Miss{Service: s.ID, Need: need, Reasons: judged.reasons}, judged.failed})
				continue
			}
			m := match.Match{Service: s.ID, Need: need, Verdict: eligibility.True, Missing: []string{}}
			if judged.verdict == "unknown" {
				m.Verdict, m.Missing = eligibility.Unknown, judged.missing
			}
			m.Score = oracleScore(source, s, judged.clause, p, at)
			m.Reasons = append(judged.reasons, facts(source, s, p, at)...)
			found = append(found, m)
		}
		sort.Slice(found, func(i, j int) bool {
			a, b := found[i], found[j]
			if a.Verdict != b.Verdict {
				return a.Verdict == eligibility.True
			}
			return a.Score > b.Score || a.Score == b.Score && a.Service < b.Service
		})
		sort.Slice(missed, func(i, j int) bool {
			a, b := missed[i], missed[j]
			return a.failed < b.failed || a.failed == b.failed && a.Service < b.Service
		})
		result.Matches = append(result.Matches, found...)
		for i := 0; i < len(missed) && i < 3; i++ {
			result.Misses = append(result.Misses, missed[i].Miss)
		}
	}
	return result
}

type oracleMiss struct {
	match.Miss
	failed int
}

// offered: active, in the person's area or online in their country, and not checked over twelve months ago.
func offered(source match.Source, s hsds.Service, p eligibility.Profile, at time.Time) bool {
	if s.Status != "active" {
		return false
	}
	regions := around(source, p)
	if len(regions) == 0 || where(regions, s) == "" && !s.Immerse.Online {
		return false
	}
	assured, ok := checkedOn(s)
	if !ok {
		return source.OfferUnassured
	}
	return assured.AddDate(1, 0, 0).Format("2006-01-02") >= at.Format("2006-01-02") // 29 February is over on 1 March
}

// around: the person's region and those in which it lies, the nearest first.
func around(source match.Source, p eligibility.Profile) (regions []string) {
	for region := p.Residence.Region; region != ""; {
		area, ok := source.Areas.Lookup(region)
		if !ok {
			break
		}
		regions = append(regions, region)
		region = area.Parent
	}
	return regions
}

// where: the nearest of the service's areas; "" if it is offered online only.
func where(regions []string, s hsds.Service) string {
	for _, region := range regions {
		if member(region, s.Immerse.Areas) {
			return region
		}
	}
	return ""
}

// checkedOn: a date that cannot be read is no check.
func checkedOn(s hsds.Service) (time.Time, bool) {
	var year, month, day int
	if n, err := fmt.Sscanf(s.AssuredDate, "%4d-%2d-%2d", &year, &month, &day); err != nil || n != 3 {
		return time.Time{}, false
	}
	date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return date, date.Day() == day // 29 February is not in every calendar
}
