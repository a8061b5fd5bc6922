package iam

import (
	"slices"
	"strings"
)

// A Request is one action on one resource by somebody.
type Request struct {
	Action   string // such as dynamodb:PutItem
	Resource string // ARN, or * for actions that know none
	Context  Context
}

// Context has the condition keys of a request. Keys are as AWS writes them; here they are compared exactly.
type Context map[string][]string

// A Decision about a request.
type Decision struct {
	Allowed bool
	Denied  bool   // by a statement, which no other can undo
	Remark  string // what in the statements wasn't understood
}

// Decide looks at all statements of one kind of policy.
func Decide(statements []Statement, r Request) Decision {
	var d Decision
	for _, s := range statements {
		if !s.covers(r) {
			continue
		}
		holds, remark := s.holds(r.Context)
		if remark != "" {
			d.Remark = strings.TrimPrefix(d.Remark+"; statement "+s.Sid+": "+remark, "; ")
			holds = s.Effect == "Deny" // what isn't understood never makes more possible
		}
		switch {
		case holds && s.Effect == "Deny":
			d.Denied = true
		case holds:
			d.Allowed = true
		}
	}
	d.Allowed = d.Allowed && !d.Denied
	return d
}

// covers tells whether the statement is about a request, whatever its conditions.
func (s Statement) covers(r Request) bool {
	return slices.ContainsFunc(s.Action, func(pattern string) bool { return MatchesAction(pattern, r.Action) }) &&
		slices.ContainsFunc(s.Resource, func(pattern string) bool { return Matches(pattern, r.Resource) })
}

// holds tells whether all conditions do. A remark says what isn't understood.
func (s Statement) holds(context Context) (holds bool, remark string) {
	holds = true
	for operator, keys := range s.Condition {
		for key, wanted := range keys {
			one, remark := condition(operator, key, wanted, context)
			if remark != "" {
				return false, remark
			}
			holds = holds && one
		}
	}
	return holds, ""
}

// MatchesAction compares an action with a pattern: in any case, with * and ?.
func MatchesAction(pattern, action string) bool {
	return Matches(strings.ToLower(pattern), strings.ToLower(action))
}

// Matches compares a text with a pattern in which * stands for any characters and ? for one.
func Matches(pattern, text string) bool {
	for len(pattern) > 0 {
		switch {
		case pattern[0] == '*':
			for rest := range len(text) + 1 {
				if Matches(pattern[1:], text[rest:]) {
					return true
				}
			}
			return false
		case len(text) == 0 || pattern[0] != '?' && pattern[0] != text[0]:
			return false
		}
		pattern, text = pattern[1:], text[1:]
	}
	return len(text) == 0
}
