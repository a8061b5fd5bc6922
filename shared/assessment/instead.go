package assessment

import "slices"

// MostTries is how many further authorities are asked for a need, one after the other, when those before could not help.
const MostTries = 2

// An Instead is a further try: in Round another authority is asked about Service for Need, as the referral to Authority about the
// matches of round After ended without help.
type Instead struct {
	Need      string `json:"need"`
	Service   string `json:"service"`
	Round     int    `json:"round"`
	Authority string `json:"authority"`
	After     int    `json:"after"`
}

// IsInstead tells whether a round is a further try.
func (a Assessment) IsInstead(round int) bool {
	return slices.ContainsFunc(a.Instead, func(i Instead) bool { return i.Round == round })
}

// Tried tells whether a further try for a need has begun after that referral.
func (a Assessment) Tried(need, authority string, after int) bool {
	return slices.ContainsFunc(a.Instead, func(i Instead) bool {
		return i.Need == need && i.Authority == authority && i.After == after
	})
}

// Tries counts the further tries for a need.
func (a Assessment) Tries(need string) (count int) {
	for _, i := range a.Instead {
		if i.Need == need {
			count++
		}
	}
	return count
}
