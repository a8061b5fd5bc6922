package rank

import "github.com/miict/immerse/shared/hsds"

// Places is what is known of a service's free places.
type Places uint8

// What can be known of free places.
const (
	Unsaid Places = iota
	Full
	Free
)

// Capacity gives the best of a service's capacities (it may count rooms and beds): nothing known is neutral, no free
// place is 0, a free place is better than not knowing, and the freer the better.
func Capacity(capacities []hsds.Capacity) (component float64, places Places) {
	component = Neutral
	for _, capacity := range capacities {
		if capacity.Available == nil {
			continue
		}
		free := 0.0
		if *capacity.Available > 0 {
			share := 1.0
			if capacity.Maximum != nil && *capacity.Maximum > 0 {
				share = Clamp(*capacity.Available / *capacity.Maximum)
			}
			free = 0.5 + 0.5*share
		}
		switch {
		case free > 0:
			component, places = max(component, free), Free
		case places == Unsaid:
			component, places = 0, Full
		}
	}
	return component, places
}
