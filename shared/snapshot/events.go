package snapshot

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/miict/immerse/shared/hsds"
)

// Events is the name of the section with everything that people take part in: services that say "event". They are few, and
// whoever lists them, or matches a registration, reads nothing else. Older snapshots have no such section.
const Events = "events"

// EventsAddition has Events compiled into a snapshot.
var EventsAddition = Addition{Name: Events, Make: func(c Contents, _ *Directory) ([]byte, error) {
	section, err := json.Marshal(EventsOf(c.Services))
	if err != nil {
		return nil, fmt.Errorf("snapshot: the events: %w", err)
	}
	return section, nil
}}

// EventsOf gives those of the services that people take part in, in their order; never nil.
func EventsOf(services []hsds.Service) []hsds.Service {
	events := []hsds.Service{}
	for i := range services {
		if services[i].Event() != nil {
			events = append(events, services[i])
		}
	}
	return slices.Clip(events)
}

// OpenEvents reads the section.
func OpenEvents(section []byte) ([]hsds.Service, error) {
	var events []hsds.Service
	if err := json.Unmarshal(section, &events); err != nil {
		return nil, fmt.Errorf("%w: the events: %w", ErrDamaged, err)
	}
	return events, nil
}

// EventsIn reads the section of a snapshot with a reader of its sections; none if it has no such section.
func EventsIn(m Manifest, read func(names ...string) (map[string][]byte, error)) ([]hsds.Service, error) {
	if !slices.ContainsFunc(m.Sections, func(s Section) bool { return s.Name == Events }) {
		return nil, nil
	}
	sections, err := read(Events)
	if err != nil {
		return nil, err
	}
	return OpenEvents(sections[Events])
}
