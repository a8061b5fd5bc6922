package eligibility

import "slices"

// Asked are the fields that clauses ask about, by their names of design §7, sorted: who answers these can be judged.
func Asked(clauses []Clause) []string {
	var fields []string
	for i := range clauses {
		for _, constraint := range clauses[i].Constraints() {
			fields = append(fields, constraint.Rule().field)
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}
