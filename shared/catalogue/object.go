package catalogue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// An Object is a JSON object as it came: its members in their order, their values untouched.
type Object []Member

// A Member is a member of an object.
type Member struct {
	Name  string
	Value json.RawMessage
}

// Errors of ParseObject.
var (
	ErrNotJSON   = errors.New("is not JSON")
	ErrNotObject = errors.New("is not a JSON object")
	ErrTwice     = errors.New("stands twice in the object")
)

// ParseObject reads an object. A name that stands twice is refused: nobody knows which one is meant. So is text that is
// no UTF-8, which could not be given back. The object refers to data, which must not be changed any more.
func ParseObject(data []byte) (Object, error) {
	if !json.Valid(data) || !utf8.Valid(data) {
		return nil, ErrNotJSON
	}
	return parseObject(data)
}

// parseObject reads an object in what is known to be JSON.
func parseObject(data []byte) (Object, error) {
	values, ok := elements(data)
	if at := skipBlank(data, 0); !ok || data[at] != '{' {
		return nil, ErrNotObject
	}
	object := make(Object, 0, len(values)/2+2) // a member or two are often added
	for i := 0; i+1 < len(values); i += 2 {
		name := textOf(values[i])
		if object.has(name) {
			return nil, fmt.Errorf("%q %w", name, ErrTwice)
		}
		object = append(object, Member{name, values[i+1]})
	}
	return object, nil
}

func (o Object) has(name string) bool {
	return slices.ContainsFunc(o, func(m Member) bool { return m.Name == name })
}

// Get gives the value of a member; nil when there is none, or when it is null, which HSDS does not tell apart.
func (o Object) Get(name string) json.RawMessage {
	for _, member := range o {
		if member.Name == name && !isNull(member.Value) {
			return member.Value
		}
	}
	return nil
}

// Text gives the value of a member that is a text, else "".
func (o Object) Text(name string) string {
	value := o.Get(name)
	if len(value) == 0 || value[0] != '"' {
		return ""
	}
	return textOf(value)
}

// ID is the object's id.
func (o Object) ID() string { return o.Text("id") }

// Object gives the value of a member that is an object, else nil.
func (o Object) Object(name string) Object {
	value := o.Get(name)
	if len(value) == 0 || value[0] != '{' {
		return nil
	}
	inner, err := parseObject(value)
	if err != nil {
		return nil
	}
	return inner
}

// List gives the objects in a member that is a list of them; what is none is left out.
func (o Object) List(name string) []Object {
	var list []Object
	for _, value := range rawList(o.Get(name)) {
		if inner, err := parseObject(value); err == nil {
			list = append(list, inner)
		}
	}
	return list
}

func rawList(value json.RawMessage) (list []json.RawMessage) {
	if len(value) == 0 || value[0] != '[' {
		return nil
	}
	list, _ = elements(value)
	return list
}

// With gives the object with a member of another value, in its place if it had one, else at the end.
func (o Object) With(name string, value json.RawMessage) Object {
	o = slices.Clone(o)
	for i := range o {
		if o[i].Name == name {
			o[i].Value = value
			return o
		}
	}
	return append(o, Member{name, value})
}

// Without gives the object without the members for which drop is true.
func (o Object) Without(drop func(Member) bool) Object {
	return slices.DeleteFunc(slices.Clone(o), drop)
}

// MarshalJSON writes the object, its members in their order.
func (o Object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, member := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(JSON(member.Name))
		out.WriteByte(':')
		if err := json.Compact(&out, member.Value); err != nil {
			return nil, fmt.Errorf("member %q: %w", member.Name, err)
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// Bytes is the object as JSON on one line. The members come from ParseObject or JSON, so that it can't fail.
func (o Object) Bytes() json.RawMessage {
	data, err := o.MarshalJSON()
	if err != nil {
		panic(err)
	}
	return data
}

// JSON writes a value that can always be written: texts, numbers, objects, and lists and maps of those. HTML's signs stay
// readable.
func JSON(value any) json.RawMessage {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(fmt.Errorf("writing a %T: %w", value, err))
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

func isNull(value json.RawMessage) bool { return bytes.Equal(bytes.TrimSpace(value), []byte("null")) }
