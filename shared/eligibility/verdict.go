package eligibility

import "fmt"

// Verdict is the answer to "may this person use this service?". The values are ordered: the worst of a clause's
// constraints is the clause's verdict, the best of a service's clauses is the service's. The zero value is False, so
// that a verdict that nobody computed offers nothing.
type Verdict int8

// The three values, from worst to best.
const (
	// False: the person may not use the service. Text "no".
	False Verdict = iota
	// Unknown: it depends on something that the person did not say. Text "check".
	Unknown
	// True: the person meets everything that the service asks for. Text "eligible".
	True
)

var verdictTexts = [...]string{False: "no", Unknown: "check", True: "eligible"}

// String gives "no", "check" or "eligible".
func (v Verdict) String() string {
	if v < False || v > True {
		return fmt.Sprintf("Verdict(%d)", int8(v))
	}
	return verdictTexts[v]
}

// MarshalText writes "no", "check" or "eligible"; any other value is an error.
func (v Verdict) MarshalText() ([]byte, error) {
	if v < False || v > True {
		return nil, fmt.Errorf("eligibility: no text for %s", v)
	}
	return []byte(verdictTexts[v]), nil
}

// UnmarshalText reads what MarshalText writes and refuses anything else.
func (v *Verdict) UnmarshalText(text []byte) error {
	for value, known := range verdictTexts {
		if known == string(text) {
			*v = Verdict(value)
			return nil
		}
	}
	return fmt.Errorf("eligibility: unknown verdict %q", text)
}
