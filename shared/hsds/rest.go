package hsds

import "encoding/json"

// rest holds an object as it came.
type rest struct {
	raw map[string]json.RawMessage
}

// Field gives a field of the object as it came, typed or not; ok is false if the object did not have it.
func (r rest) Field(name string) (value json.RawMessage, ok bool) {
	value, ok = r.raw[name]
	return value, ok
}
