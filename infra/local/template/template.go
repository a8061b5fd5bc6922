// Package template reads CloudFormation templates as far as ours go: resources with their properties, in which every
// intrinsic function is replaced by what it stands for on this machine. What it doesn't understand is an error that
// names it and where it is.
package template

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Account is the AWS account that everything local belongs to.
const Account = "000000000000"

// A Template is a stack's template, in the region that the stack is for.
type Template struct {
	Stack  string // name, such as Immerse-ES
	Region string

	Parameters map[string]struct{ Default any }
	Resources  map[string]*Resource
}

// A Resource has its properties as they are written: Into and Value give them resolved.
type Resource struct {
	Type       string
	Properties map[string]any
}

// Parse reads a template.
func Parse(stack, region string, text []byte) (*Template, error) {
	t := &Template{Stack: stack, Region: region}
	if err := json.Unmarshal(text, t); err != nil {
		return nil, fmt.Errorf("reading the template of %s: %w", stack, err)
	}
	if len(t.Resources) == 0 {
		return nil, fmt.Errorf("the template of %s has no resources", stack)
	}
	return t, nil
}

// Of lists the logical ids of the resources of a type, sorted.
func (t *Template) Of(kind string) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
		if t.Resources[id].Type == kind {
			ids = append(ids, id)
		}
	}
	return ids
}

// Value gives a property resolved; nil if the resource doesn't have it.
func (t *Template) Value(id, property string) (any, error) {
	resource := t.Resources[id]
	if resource == nil {
		return nil, fmt.Errorf("%s has no resource %s", t.Stack, id)
	}
	return t.resolve(resource.Properties[property], t.Stack+"."+id+"."+property)
}

// Into fills a struct with the properties that it has fields for. Others are not looked at.
func (t *Template) Into(id string, out any) error {
	into := reflect.TypeOf(out).Elem()
	found := map[string]any{}
	for i := range into.NumField() {
		name := into.Field(i).Name
		value, err := t.Value(id, name)
		if err != nil {
			return err
		}
		if value != nil {
			found[name] = value
		}
	}
	text, err := json.Marshal(found)
	if err != nil {
		return fmt.Errorf("%s.%s: %w", t.Stack, id, err)
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("%s.%s is not as expected: %w", t.Stack, id, err)
	}
	return nil
}
