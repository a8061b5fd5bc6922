package main

import (
	"strings"

	"github.com/miict/immerse/shared/country"
)

// names gives every resource of a country its physical name, "immerse-es-matching". The names are fixed rather than
// generated, as the laptop, the operator's command and the runbook use them too, and as the mail stack in another
// region must name what is in this one.
type names struct{ code string }

func namesOf(pack *country.Pack) names { return names{strings.ToLower(pack.Code)} }

// of names a resource of the country.
func (n names) of(what string) string { return "immerse-" + n.code + "-" + what }

// plain is the name of what there is one of: the key's alias, the configuration set, the dashboard.
func (n names) plain() string { return "immerse-" + n.code }

// stack names the country's stack.
func (n names) stack() string { return "Immerse-" + strings.ToUpper(n.code) }

// mailStack names the stack in the country's mail region.
func (n names) mailStack() string { return n.stack() + "-Mail" }
