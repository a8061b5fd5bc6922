package events

import "slices"

const typeCatalogueChangedV1 = typePrefix + "catalogue.changed.v1"

// CatalogueChangedV1 says that services were added or have places again: whoever waits for them is to be told. The operator's
// command or whoever releases places sends it to percolation, which sends it to itself to go on: people are looked through in
// pieces. Its subject is the country's code.
type CatalogueChangedV1 struct {
	Country   string   `json:"country"`   // ISO 3166-1 alpha-2
	Catalogue string   `json:"catalogue"` // version of the catalogue that has them
	Services  []string `json:"services"`  // ids, MostServices at the most

	// After is the place among the open applications behind which to go on; empty at the beginning.
	After string `json:"after,omitempty"`
	// Again: those who came while the first look went on are looked through a second time.
	Again bool `json:"again,omitempty"`
	// Pending are references of applications that could not be added to yet, as their first mails are on their way. Only
	// they are looked at.
	Pending []string `json:"pending,omitempty"`
	// Tries counts the times that the pending were looked at.
	Tries int `json:"tries,omitempty"`
}

// CatalogueChanges are the events that tell of services, as many as it takes. origin says who tells; each event has an id of
// newID, and the country as its subject.
func CatalogueChanges(country, catalogue string, services []string, origin Origin, newID func() string) ([]Envelope, error) {
	var all []Envelope
	origin.Subject = country
	for chunk := range slices.Chunk(services, MostServices) {
		origin.ID = newID()
		event, err := New(origin, CatalogueChangedV1{Country: country, Catalogue: catalogue, Services: chunk})
		if err != nil {
			return nil, err
		}
		all = append(all, event)
	}
	return all, nil
}

// MostServices is how many services one event names: as many fit into a message several times.
const MostServices = 500

// EventType implements Payload.
func (CatalogueChangedV1) EventType() string { return typeCatalogueChangedV1 }
