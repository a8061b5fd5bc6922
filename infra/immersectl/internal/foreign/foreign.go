// Package foreign reads services, organizations and profiles that nobody here wrote, for a dry run of matching.
//
// The catalogue that people are matched with is read strictly (package hsds); this package asks less and promises less.
// What design §8 gives a meaning counts, however it is written; what it gives none leaves the whole service out, since
// nobody may be told that they qualify on a guess (decision 0702). Nothing is dropped without a word.
package foreign

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/eligibility"
)

// Findings are what there is to say about an object.
type Findings struct {
	// Problems keep the object from being used.
	Problems []eligibility.Problem
	// Notes tell how something odd was taken.
	Notes []eligibility.Problem
}

func (f *Findings) problem(path, format string, arguments ...any) {
	f.Problems = append(f.Problems, eligibility.Problem{Path: path, Text: fmt.Sprintf(format, arguments...)})
}

func (f *Findings) note(path, format string, arguments ...any) {
	f.Notes = append(f.Notes, eligibility.Problem{Path: path, Text: fmt.Sprintf(format, arguments...)})
}

// object is a JSON object whose members are read one by one. wrong says what becomes of a member of the wrong kind: it is
// Findings.problem where that matters, and Findings.note where the member then counts as not there.
type object struct {
	path    string
	names   []string // in their order
	members map[string]json.RawMessage
	all     catalogue.Object
	wrong   func(path, format string, arguments ...any)
}

// open reads an object. A member that is null is taken for one that is not there.
func open(data []byte, path string, wrong func(path, format string, arguments ...any)) (*object, error) {
	members, err := catalogue.ParseObject(data)
	if err != nil {
		return nil, err
	}
	o := &object{path: path, members: map[string]json.RawMessage{}, wrong: wrong, all: members}
	for _, member := range members {
		if !isNull(member.Value) {
			o.names = append(o.names, member.Name)
			o.members[member.Name] = member.Value
		}
	}
	return o, nil
}

func isNull(value json.RawMessage) bool { return bytes.Equal(bytes.TrimSpace(value), []byte("null")) }

func (o *object) at(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

// text reads a string, "" when there is none.
func (o *object) text(name string) (text string) {
	if value, ok := o.members[name]; ok && json.Unmarshal(value, &text) != nil {
		o.wrong(o.at(name), "is not a text")
		return ""
	}
	return text
}

// whole reads a whole number, nil when there is none. 7.0 is 7: JSON does not tell them apart.
func (o *object) whole(name string) *int {
	value, ok := o.members[name]
	if !ok {
		return nil
	}
	number, ok := wholeNumber(string(bytes.TrimSpace(value)))
	if !ok {
		o.wrong(o.at(name), "is not a whole number")
		return nil
	}
	return &number
}

// largest is beyond any year, age, count or level, and small enough to reckon with.
const largest = 1e9

func wholeNumber(text string) (number int, ok bool) {
	exact, err := strconv.ParseFloat(text, 64)
	if err != nil || exact != math.Trunc(exact) || math.Abs(exact) > largest {
		return 0, false
	}
	return int(exact), true
}

// number reads a number, nil when there is none.
func (o *object) number(name string) (number *float64) {
	if value, ok := o.members[name]; ok && json.Unmarshal(value, &number) != nil {
		o.wrong(o.at(name), "is not a number")
		return nil
	}
	return number
}

// texts reads a list of texts, nil when there is none.
func (o *object) texts(name string) []string {
	value, ok := o.members[name]
	if !ok {
		return nil
	}
	var list []*string
	if json.Unmarshal(value, &list) != nil {
		o.wrong(o.at(name), "is not a list of texts")
		return nil
	}
	texts := make([]string, 0, len(list))
	for i, text := range list {
		if text == nil || *text == "" {
			o.wrong(fmt.Sprintf("%s[%d]", o.at(name), i), "is empty")
			return nil
		}
		texts = append(texts, *text)
	}
	return texts
}

// list reads a list of anything, nil when there is none.
func (o *object) list(name string) (list []json.RawMessage) {
	if value, ok := o.members[name]; ok && json.Unmarshal(value, &list) != nil {
		o.wrong(o.at(name), "is not a list")
		return nil
	}
	return list
}

// object reads an object, nil when there is none.
func (o *object) object(name string) *object {
	value, ok := o.members[name]
	if !ok {
		return nil
	}
	inner, err := open(value, o.at(name), o.wrong)
	if err != nil {
		o.wrong(o.at(name), "%v", err)
		return nil
	}
	return inner
}
