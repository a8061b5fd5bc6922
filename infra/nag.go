package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/miict/immerse/shared/country"
)

// A suppression says why a place is as it is although cdk-nag's AwsSolutions rules would have it otherwise.
type suppression struct {
	where []string // constructs of the country's stack
	rules []rule
}

type rule struct {
	id, reason string
	appliesTo  []any // the rule's own words for the one finding meant; any when empty
}

// suppressions are all there are: three places. A test fails on any other finding, and on a suppression without one.
func suppressions(pack *country.Pack) []suppression {
	var roles []string
	for _, name := range functionNames {
		roles = append(roles, title(name)+"Role")
	}
	site := []rule{
		{"AwsSolutions-CFR1", "Help is for whoever is here or on the way, from wherever they ask: no country is shut out.", nil},
		{"AwsSolutions-CFR2", "A web ACL costs more than all else in an idle country. The API's throttle bounds a flood; " +
			"one can be attached by hand when there is one (docs/operations.md#throttles).", nil},
		{"AwsSolutions-CFR3", "The log of the content network would hold the address of everyone who looks for help.", nil},
	}
	if pack.Domain == "" {
		site = append(site, rule{"AwsSolutions-CFR4", "Under CloudFront's own name TLS before 1.2 can't be refused: " +
			"good for trying out (docs/operations.md#an-own-domain).", nil})
	}
	return []suppression{
		{roles, []rule{{
			"AwsSolutions-IAM5",
			"Active tracing writes to X-Ray, whose two actions know no resources: AWS offers nothing narrower than an asterisk.",
			[]any{"Resource::*"},
		}, {
			"AwsSolutions-IAM5",
			"The released catalogues are named by their digests, which nobody knows beforehand: the asterisk is for those names, in one bucket.",
			[]any{map[string]any{"regex": `/^Resource::<Catalogue\w*\.Arn>\/catalogue\/\*$/g`}},
		}}},
		{[]string{"Api"}, []rule{{
			"AwsSolutions-APIG4",
			"Whoever needs help has no account, and shall need none. What is personal opens with the secret of its owner only.", nil,
		}}},
		{[]string{"Site"}, site},
	}
}

// explain writes the suppressions into the template, where reviewers and tools find them.
func explain(stack awscdk.Stack, pack *country.Pack) {
	for _, s := range suppressions(pack) {
		for _, place := range s.where {
			var all []*cdknag.NagPackSuppression
			for _, r := range s.rules {
				one := &cdknag.NagPackSuppression{Id: jsii.String(r.id), Reason: jsii.String(r.reason)}
				if len(r.appliesTo) > 0 {
					one.AppliesTo = &r.appliesTo
				}
				all = append(all, one)
			}
			cdknag.NagSuppressions_AddResourceSuppressions(stack.Node().FindChild(&place), &all, jsii.Bool(true))
		}
	}
}
