package events

const typePlacesOverV1 = typePrefix + "places.over.v1"

// PlacesOverV1 says that places may be free that nobody gave back: those of an application that is erased, about which nothing
// else is known any more, or those whose time is over. Followup, notification and the operator's command send it to
// percolation, which tells who waits. Its subject is the application's reference, or the country's code.
type PlacesOverV1 struct {
	Country     string `json:"country"`               // ISO 3166-1 alpha-2
	Application string `json:"application,omitempty"` // reference of the erased one; empty: whatever is over
}

// EventType implements Payload.
func (PlacesOverV1) EventType() string { return typePlacesOverV1 }

// PlacesOver makes the event, about an application or, without one, the country.
func PlacesOver(country, application string, origin Origin) (Envelope, error) {
	if origin.Subject = application; application == "" {
		origin.Subject = country
	}
	return New(origin, &PlacesOverV1{Country: country, Application: application})
}
