package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Whatever is taken out of a golden template, a rule says what is missing, without Node, too.
func TestEveryRemovalIsNamed(t *testing.T) {
	whole := readTemplate("testdata/Immerse-ES.template.json")
	for id, r := range whole.Resources {
		switch r.Type {
		case "AWS::IAM::Policy":
			for i, statement := range list(r.at("PolicyDocument.Statement")) {
				sid := fmt.Sprint(at(statement, "Sid"))
				removed(t, id+" "+sid, sid, func(made template) {
					document := made.Resources[id].Properties["PolicyDocument"].(map[string]any)
					document["Statement"] = slices.Delete(list(document["Statement"]), i, i+1)
				})
			}
		case "AWS::Lambda::Function":
			variables, _ := r.at("Environment.Variables").(map[string]any)
			for variable := range maps.Keys(variables) {
				removed(t, id+" "+variable, variable, func(made template) {
					delete(made.Resources[id].at("Environment.Variables").(map[string]any), variable)
				})
			}
		case "AWS::SQS::Queue":
			if r.at("RedrivePolicy") != nil {
				removed(t, id+" redrive", id, func(made template) { delete(made.Resources[id].Properties, "RedrivePolicy") })
				continue
			}
			source, _, _ := strings.Cut(id, "DeadLetters")
			removed(t, id, source, func(made template) { delete(made.Resources, id) })
		case "AWS::Lambda::EventSourceMapping":
			function := target(r.at("FunctionName"))
			removed(t, id, strings.ToLower(strings.TrimRight(function, "0123456789ABCDEF")), func(made template) { delete(made.Resources, id) })
		case "AWS::Events::Rule":
			removed(t, id, "", func(made template) { delete(made.Resources, id) })
		case "AWS::SQS::QueuePolicy", "AWS::Logs::LogGroup", "AWS::Lambda::Permission", "AWS::ApiGatewayV2::Route", "AWS::DynamoDB::Table":
			removed(t, id, "", func(made template) { delete(made.Resources, id) })
		}
	}
}

// removed takes something out and expects to be told its name.
func removed(t *testing.T, what, name string, remove func(template)) {
	t.Helper()
	made := readTemplate("testdata/Immerse-ES.template.json")
	remove(made)
	found := broken("Immerse-ES", made)
	if len(found) == 0 || !strings.Contains(strings.Join(found, "\n"), name) {
		t.Errorf("%s was taken out, and all that is said is %q", what, found)
	}
}
