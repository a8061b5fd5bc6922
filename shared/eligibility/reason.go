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
	Params Params `json:"params,omitempty"`
}

// Params are a reason's parameters by name. A value is a string, an int or a []string, in memory and after a round
// trip through JSON alike; nothing else is accepted.
type Params map[string]any

// UnmarshalJSON gives every value the type it had before it was marshalled.
func (p *Params) UnmarshalJSON(data []byte) error {
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	if raw == nil {
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
