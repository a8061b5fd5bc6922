package eligibility

import "time"

// Result is what Evaluate finds for one service.
type Result struct {
	Verdict Verdict `json:"verdict"`
	// Missing names what has to be known to decide, by the names in Fields: sorted, without duplicates, empty unless
	// the verdict is Unknown. They are those of the unknown clause that lacks the fewest (the first such clause).
	Missing []string `json:"missing,omitempty"`
	// Reasons are, for True, the rules of the first clause that holds; for Unknown, the rules already met of the
	// clause that Missing is about, then what is to be checked; for False, the rules not met of the clause that
	// fails the fewest (the first such clause). Always in the same order.
	Reasons []Reason `json:"reasons,omitempty"`
}

// Evaluate decides whether the person of the profile may use a service with these clauses, as design §8 has it. at
// is the time of submission; its year, in the location that at carries, is the one that ages are taken from.
func Evaluate(clauses []Clause, profile Profile, at time.Time) Result {
	facts := Prepare(profile, at)
	return Compile(clauses).Evaluate(&facts)
}
