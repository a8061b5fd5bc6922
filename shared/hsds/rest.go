package hsds

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
)

// rest holds an object as it came, member by member, so that what is not typed, and what has not been changed, is given
// back as it was: unknown fields, nulls, empty texts, the digits of numbers.
type rest struct {
	raw map[string]json.RawMessage
}

// Field gives a field of the object as it came, typed or not; ok is false if the object did not have it.
func (r rest) Field(name string) (value json.RawMessage, ok bool) {
	value, ok = r.raw[name]
	return value, ok
}

// Fields gives the names of all fields that the object came with, in no order.
func (r rest) Fields() []string {
	names := make([]string, 0, len(r.raw))
	for name := range r.raw {
		names = append(names, name)
	}
	return names
}

// decode reads an object into its typed fields and gives all that it held. T is the plain form of a type of this
// package: the same fields without the methods.
func decode[T any](data []byte, typed *T) (rest, error) {
	var r rest
	if err := json.Unmarshal(data, &r.raw); err != nil {
		return rest{}, err
	}
	if r.raw == nil {
		return rest{}, fmt.Errorf("hsds: null in the place of an object")
	}
	return r, json.Unmarshal(data, typed)
}

// encode writes an object: as it came, with the typed fields over it that were changed since.
func encode[T any](typed *T, r rest) ([]byte, error) {
	if r.raw == nil {
		return json.Marshal(typed)
	}
	now, err := members(typed)
	if err != nil {
		return nil, err
	}
	came := new(T)
	original, err := json.Marshal(r.raw)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(original, came); err != nil {
		return nil, err
	}
	before, err := members(came)
	if err != nil {
		return nil, err
	}
	merged := maps.Clone(r.raw)
	for name, value := range now {
		if !bytes.Equal(value, before[name]) {
			merged[name] = value
		}
	}
	for name := range before {
		if _, still := now[name]; !still {
			delete(merged, name)
		}
	}
	return json.Marshal(merged)
}

func members(typed any) (map[string]json.RawMessage, error) {
	data, err := json.Marshal(typed)
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	return all, json.Unmarshal(data, &all)
}
