package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Whatever is taken out of a golden template, of any country, a rule says what is missing, without Node, too.
func TestEveryRemovalIsNamed(t *testing.T) {
	files, err := filepath.Glob("testdata/*.template.json")
	if err != nil || len(files) != 6 {
		t.Fatalf("%d golden templates, %v", len(files), err)
	}
	for _, file := range files {
		stack := strings.TrimSuffix(filepath.Base(file), ".template.json")
		t.Run(stack, func(t *testing.T) {
			t.Parallel()
			everyRemoval(t, removals{stack, readTemplate(file)})
		})
	}
}

// removals are tried of a template.
type removals struct {
	stack string
	whole template
}

func everyRemoval(t *testing.T, from removals) {
	for id, r := range from.whole.Resources {
		name := ""
		switch r.Type {
		case "AWS::IAM::Policy":
			for i, statement := range list(r.at("PolicyDocument.Statement")) {
				sid := fmt.Sprint(at(statement, "Sid"))
				from.removed(t, id+" "+sid, sid, func(made template) {
					document := made.Resources[id].Properties["PolicyDocument"].(map[string]any)
					document["Statement"] = slices.Delete(list(document["Statement"]), i, i+1)
				})
			}
		case "AWS::Lambda::Function":
			variables, _ := r.at("Environment.Variables").(map[string]any)
			for variable := range maps.Keys(variables) {
				from.removed(t, id+" "+variable, variable, func(made template) {
					delete(made.Resources[id].at("Environment.Variables").(map[string]any), variable)
				})
			}
			urls := joined(variables["DEAD_LETTER_QUEUE_URLS"])
			for i, url := range urls {
				from.removed(t, id+" looking into "+target(url), target(url), func(made template) {
					parts := made.Resources[id].at("Environment.Variables.DEAD_LETTER_QUEUE_URLS").(map[string]any)["Fn::Join"].([]any)
					parts[1] = slices.Delete(parts[1].([]any), i, i+1)
				})
			}
		case "AWS::SQS::Queue":
			if r.at("RedrivePolicy") != nil {
				from.removed(t, id+" redrive", id, func(made template) { delete(made.Resources[id].Properties, "RedrivePolicy") })
				break
			}
			name, _, _ = strings.Cut(id, "DeadLetters")
		case "AWS::Lambda::EventSourceMapping":
			name = strings.ToLower(strings.TrimRight(target(r.at("FunctionName")), "0123456789ABCDEF"))
		}
		from.removed(t, id, name, func(made template) { delete(made.Resources, id) })
	}
}

// removed takes something out and expects to be told its name.
func (from removals) removed(t *testing.T, what, name string, remove func(template)) {
	t.Helper()
	made := from.whole.clone()
	remove(made)
	found := broken(from.stack, made)
	if len(found) == 0 || !strings.Contains(strings.Join(found, "\n"), name) {
		t.Errorf("%s was taken out, and all that is said is %q", what, found)
	}
}
