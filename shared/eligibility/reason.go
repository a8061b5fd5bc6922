package eligibility

import (
	"encoding/json"
	"fmt"
	"math"
)

// Reason says why: a code and its parameters, translated at the edge (design §8). Reasons state the service's rule,
// not the person's answer. The codes and their parameters are listed in codes.go of this package.
//
// Params may be shared between reasons: read it, don't change it.
type Reason struct {
	Code   string `json:"code"`
	Params Params `json:"params"`
}

// Params are a reason's parameters by name. A value is a string, an int or a []string, in memory and after a round
// trip through JSON alike; nothing else is accepted. No parameters are nil in memory and {} in JSON.
type Params map[string]any

// MarshalJSON writes an object, with the names sorted, even for nil.
func (p Params) MarshalJSON() ([]byte, error) {
	if p == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(map[string]any(p))
}

// UnmarshalJSON gives every value the type it had before it was marshalled.
func (p *Params) UnmarshalJSON(data []byte) error {
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	if len(raw) == 0 {
		*p = nil
		return nil
	}
	params := make(Params, len(raw))
	for name, value := range raw {
		typed, err := param(value)
		if err != nil {
			return fmt.Errorf("eligibility: reason parameter %q: %w", name, err)
		}
		params[name] = typed
	}
	*p = params
	return nil
}

func param(value any) (any, error) {
	switch value := value.(type) {
	case string:
		return value, nil
	case float64:
		if value != math.Trunc(value) || math.Abs(value) > math.MaxInt32 {
			return nil, fmt.Errorf("%v is not a whole number of a usable size", value)
		}
		return int(value), nil
	case []any:
		list := make([]string, len(value))
		for i, element := range value {
			text, ok := element.(string)
			if !ok {
				return nil, fmt.Errorf("element %d is not a string", i)
			}
			list[i] = text
		}
		return list, nil
	}
	return nil, fmt.Errorf("%T is neither a string, a whole number nor a list of strings", value)
}
