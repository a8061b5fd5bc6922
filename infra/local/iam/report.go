package iam

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Use is a request that somebody made.
type Use struct {
	Who string // a function's name
	Request
}

// A Ledger remembers uses, each once. The zero value is ready to use.
type Ledger struct {
	mu   sync.Mutex
	seen map[string]bool
	uses []Use
}

// Add remembers a use. Leading keys are left out: there are as many as items.
func (l *Ledger) Add(u Use) {
	context := Context{}
	for key, values := range u.Context {
		if key != "dynamodb:LeadingKeys" {
			context[key] = values
		}
	}
	u.Context = context
	text, err := json.Marshal(u)
	if err != nil {
		panic(err) // texts only
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	if !l.seen[string(text)] {
		l.seen[string(text)] = true
		l.uses = append(l.uses, u)
	}
}

// Uses are all of them, in the order in which they were first made.
func (l *Ledger) Uses() []Use {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.uses)
}

// A Grant is the smallest part of a statement: one action on one resource, under one value of a condition that names
// several.
type Grant struct {
	Statement
	Action, Resource string
	Key, Value       string // of the condition, if it names several values
}

// Grants takes the statements that allow something apart.
func Grants(statements []Statement) []Grant {
	var all []Grant
	for _, s := range statements {
		if s.Effect != "Allow" {
			continue
		}
		for _, action := range s.Action {
			for _, resource := range s.Resource {
				all = append(all, s.values(Grant{Statement: s, Action: action, Resource: resource})...)
			}
		}
	}
	return all
}

// values is one grant, and one for each of several values of a condition.
func (s Statement) values(plain Grant) []Grant {
	all := []Grant{plain}
	for _, keys := range s.Condition {
		for key, values := range keys {
			if len(values) < 2 {
				continue
			}
			for _, value := range values {
				plain.Key, plain.Value = key, value
				all = append(all, plain)
			}
		}
	}
	return all
}

// UsedBy tells whether a request makes use of the grant.
func (g Grant) UsedBy(r Request) bool {
	holds, _ := g.holds(r.Context)
	named := g.Key == "" || slices.ContainsFunc(r.Context[g.Key], func(v string) bool { return Matches(g.Value, v) })
	return holds && named && MatchesAction(g.Action, r.Action) && Matches(g.Resource, r.Resource)
}

// String says what is granted.
func (g Grant) String() string {
	text := fmt.Sprintf("statement %s: %s on %s", g.Sid, g.Action, g.Resource)
	if g.Key != "" {
		text += fmt.Sprintf(" with %s = %s", g.Key, g.Value)
	}
	return text
}

// String says what was asked for.
func (r Request) String() string {
	text := r.Action + " on " + r.Resource
	var with []string
	for key, values := range r.Context {
		with = append(with, key+" = "+strings.Join(values, ","))
	}
	slices.Sort(with)
	if len(with) > 0 {
		text += " with " + strings.Join(with, ", ")
	}
	return text
}
