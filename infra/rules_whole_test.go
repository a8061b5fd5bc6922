package main

import (
	"fmt"
	"strings"
)

// must are the kinds of resources that nothing else in a template refers to: of a country's own stack, and of that of its mail.
var must = map[bool][]string{
	false: {
		"AWS::Budgets::Budget", "AWS::CloudWatch::Dashboard", "AWS::KMS::Alias", "AWS::SNS::TopicPolicy", "AWS::CloudFront::Distribution",
		"AWS::ApiGatewayV2::Stage",
	},
	true: {"AWS::SES::EmailIdentity", "AWS::SES::ConfigurationSetEventDestination", "AWS::SNS::TopicPolicy"},
}

// checkWhole: nothing that is spoken of is missing, nor what nobody speaks of. CloudFormation would say the first, too, but only
// when it is deployed.
func checkWhole(t reporter, made template) {
	for id, r := range made.Resources {
		missing(t, id, made, r.Properties)
		for _, other := range list(r.DependsOn) {
			if made.Resources[fmt.Sprint(other)] == nil {
				t.wrong("%s waits for %v, which isn't there", id, other)
			}
		}
	}
	missing(t, "an output", made, made.Outputs)
	for _, kind := range must[strings.HasSuffix(strings.Split(t.where, ":")[0], "-Mail")] {
		if len(made.of(kind)) == 0 {
			t.wrong("there is no %s", kind)
		}
	}
}

// missing looks for a Ref or Fn::GetAtt of what isn't there.
func missing(t reporter, where string, made template, value any) {
	switch value := value.(type) {
	case map[string]any:
		if id := target(value); id != "" && made.Resources[id] == nil && !strings.HasPrefix(id, "AWS::") {
			t.wrong("%s speaks of %s, which isn't there", where, id)
		}
		for _, member := range value {
			missing(t, where, made, member)
		}
	case []any:
		for _, one := range value {
			missing(t, where, made, one)
		}
	}
}
