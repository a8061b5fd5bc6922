package assessment

import "slices"

// Made is what the matches of a round were made with: all that replaying them takes.
type Made struct {
	Round     int    `json:"round"`
	Catalogue string `json:"catalogue"`          // its version
	Rules     string `json:"rules"`              // match.RulesOf
	Snapshot  string `json:"snapshot,omitempty"` // digest; empty: the pack in the program
}

// MadeWith gives what the matches of a round were made with; the misses are of round 0. A result that percolation extended
// before rounds were told apart names its last catalogue for all of them.
func (a Assessment) MadeWith(round int) Made {
	if i := slices.IndexFunc(a.Rounds, func(m Made) bool { return m.Round == round }); i >= 0 {
		return a.Rounds[i]
	}
	return Made{Round: round, Catalogue: a.Result.Catalogue, Rules: a.Rules, Snapshot: a.Snapshot}
}

// Record keeps what a later round was made with, beside those before it.
func (a *Assessment) Record(m Made) { a.Rounds = append(slices.Clone(a.Rounds), m) }

// Snapshots are the digests of all that the matches were made with, each once.
func (a Assessment) Snapshots() []string {
	all := []string{a.MadeWith(0).Snapshot}
	for _, m := range a.Rounds {
		if !slices.Contains(all, m.Snapshot) {
			all = append(all, m.Snapshot)
		}
	}
	return all
}
