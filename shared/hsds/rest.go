package hsds

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
)

// rest holds an object as it came, so that what is not typed, and what has not been changed, is given back as it was:
// unknown fields, nulls, empty texts, the digits of numbers. It is taken apart only when somebody asks, because a
// program that starts reads a whole catalogue and asks for none of it.
type rest struct {
	object []byte // valid JSON; nil for an object made in Go
}

// Raw gives the object as it came, whatever was changed in Go since; nil for one that was made in Go. The caller must not
// change it.
func (r rest) Raw() []byte { return r.object }

// Field gives a field of the object as it came, typed or not; ok is false if the object did not have it.
func (r rest) Field(name string) (value json.RawMessage, ok bool) {
	members, err := r.members()
	if err != nil {
		return nil, false
	}
	value, ok = members[name]
	return value, ok
}

// Fields gives the names of all fields that the object came with, sorted.
func (r rest) Fields() []string {
	members, err := r.members()
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(members))
}

func (r rest) members() (members map[string]json.RawMessage, err error) {
	if r.object == nil {
		return nil, nil
	}
	err = json.Unmarshal(r.object, &members)
	return members, err
}

var errNull = errors.New("hsds: null in the place of an object")

// decode reads an object into its typed fields and keeps the whole. T is the plain form of a type of this package: the
// same fields without the methods.
func decode[T any](data []byte, typed *T) (rest, error) {
	if bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		return rest{}, errNull
	}
	return rest{bytes.Clone(data)}, json.Unmarshal(data, typed)
}

// encode writes an object: as it came, with the typed fields over it that were changed since.
func encode[T any](typed *T, r rest) ([]byte, error) {
	if r.object == nil {
		return json.Marshal(typed)
	}
	came := new(T)
	if err := json.Unmarshal(r.object, came); err != nil {
		return nil, err
	}
	before, err := membersOf(came)
	if err != nil {
		return nil, err
	}
	now, err := membersOf(typed)
	if err != nil {
		return nil, err
	}
	merged, err := r.members()
	if err != nil {
		return nil, err
	}
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

func membersOf(typed any) (map[string]json.RawMessage, error) {
	data, err := json.Marshal(typed)
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	return all, json.Unmarshal(data, &all)
}
