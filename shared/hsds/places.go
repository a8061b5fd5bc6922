package hsds

import "math"

// Places gives how many places the service says are free, whole ones, and whether it counts places at all. Of several
// capacities the greatest counts, as in the score (decision 0101): a service may count rooms and beds, and both are the
// same places.
func (s *Service) Places() (free int, counted bool) {
	for _, capacity := range s.Capacities {
		if capacity.Available == nil {
			continue
		}
		whole := math.Floor(min(max(*capacity.Available, 0), math.MaxInt32))
		free, counted = max(free, int(whole)), true
	}
	return free, counted
}
