package iam

import (
	"slices"
	"strings"
)

// operators compare a value of the request with one of the policy.
var operators = map[string]func(wanted, got string) bool{
	"StringEquals":           func(wanted, got string) bool { return wanted == got },
	"StringEqualsIgnoreCase": strings.EqualFold,
	"StringLike":             Matches,
	"ArnEquals":              Matches, // AWS: ArnEquals and ArnLike behave identically
	"ArnLike":                Matches,
	"Bool":                   strings.EqualFold,
}

// negated operators hold when no value matches.
var negated = map[string]string{
	"StringNotEquals": "StringEquals", "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
	"StringNotLike": "StringLike", "ArnNotEquals": "ArnEquals", "ArnNotLike": "ArnLike",
}

// known are the condition keys that the laptop fills in where they apply. A key that ends in a colon is a family.
var known = []string{
	"kms:EncryptionContext:", "kms:EncryptionContextKeys", "kms:ViaService", "kms:CallerAccount",
	"ses:FromAddress", "ses:Recipients", "dynamodb:LeadingKeys",
	"aws:PrincipalArn", "aws:PrincipalAccount", "aws:SecureTransport", "aws:SourceArn", "aws:SourceAccount",
}

// condition decides one line of a Condition block.
func condition(operator, key string, wanted List, context Context) (holds bool, remark string) {
	quantifier, plain, quantified := strings.Cut(operator, ":")
	if !quantified {
		quantifier, plain = "", operator
	}
	plain, ifExists := strings.CutSuffix(plain, "IfExists")
	positive, not := negated[plain]
	if !not {
		positive = plain
	}
	compare := operators[positive]
	switch {
	case compare == nil || quantified && quantifier != "ForAllValues" && quantifier != "ForAnyValue":
		return false, "the laptop doesn't understand the operator " + operator
	case !slices.ContainsFunc(known, func(k string) bool { return k == key || strings.HasSuffix(k, ":") && strings.HasPrefix(key, k) }):
		return false, "the laptop doesn't know the condition key " + key
	}
	got, present := context[key]
	if !present {
		return not && quantifier != "ForAnyValue" || ifExists || quantifier == "ForAllValues", ""
	}
	one := func(value string) bool {
		return slices.ContainsFunc(wanted, func(w string) bool { return compare(w, value) }) != not
	}
	if quantifier == "ForAnyValue" || quantifier == "" {
		return slices.ContainsFunc(got, one), ""
	}
	return !slices.ContainsFunc(got, func(value string) bool { return !one(value) }), ""
}
