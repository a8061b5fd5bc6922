package country

import "github.com/miict/immerse/shared/catalogue"

// checkID wants a UUID that no other object of the list has.
func checkID(id string, seen map[string]bool, wrong catalogue.Report) {
	catalogue.CheckID(id, wrong)
	if seen[id] {
		wrong("id", "stands twice")
	}
	seen[id] = true
}
