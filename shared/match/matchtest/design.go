package matchtest

import (
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
)

// Design gives the verdict ("eligible" or "check") of every match by service and need, as the oracle has them: for
// those who find pairs in another way than engines do.
func Design(source match.Source, p eligibility.Profile, at time.Time) map[[2]string]string {
	verdicts := map[[2]string]string{}
	for _, found := range Oracle(source, p, at).Matches {
		verdicts[[2]string{found.Service, found.Need}] = found.Verdict.String()
	}
	return verdicts
}
