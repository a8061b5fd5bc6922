package application

import (
	"slices"

	"github.com/miict/immerse/shared/codes"
)

// registering are the fields that every registration's form asks.
var registering = []string{"residence.region", "contact.name", "contact.email", "contact.phone", "updates", "consent.processing", "consent.sharing"}

// ForEvent gives the fields as the form of a registration for one event asks them: where somebody lives, how they are reached, what
// they agree to, a message to the organizer at the end, and what the event needs to know of them (the names in needed). The others
// are still read, and shown if they were answered.
func ForEvent(fields []Field, needed []string) []Field {
	others := slices.DeleteFunc(slices.Clone(codes.Kinds), func(kind string) bool { return kind == codes.EventRegistration })
	var narrowed, last []Field
	for _, field := range fields {
		switch {
		case field.Name == "message":
			field.Group = "contact"
			last = append(last, field)
			continue
		case slices.Contains(registering, field.Name), slices.Contains(needed, field.Name):
			field.Kinds = nil
		default:
			field.Kinds = others
		}
		narrowed = append(narrowed, field)
	}
	return append(narrowed, last...)
}
