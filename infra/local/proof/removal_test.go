package proof

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/miict/immerse/infra/local/audit"
	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/template"
	"github.com/miict/immerse/infra/testdata"
)

// A removal takes one thing out of a template. Somebody must then say its name.
type removal struct{ what, name string }

// removeEverything takes out one by one: the statements of all roles and of the key, each action and resource in them,
// each environment variable, event source mapping, redrive policy and queue. What a real run used is asked again of what
// is left.
func removeEverything(t *testing.T, code string, uses []iam.Use) {
	t.Helper()
	stacks, err := laptop.Templates(code)
	if err != nil {
		t.Fatal(err)
	}
	text, err := testdata.Templates.ReadFile(stacks.Main.Stack + ".template.json")
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]int{}
	for place := 0; ; place++ {
		main, err := template.Parse(stacks.Main.Stack, stacks.Main.Region, text)
		if err != nil {
			t.Fatal(err)
		}
		taken, ok := removeOne(main, place)
		if !ok {
			break
		}
		tried[strings.Fields(taken.what)[0]]++
		found := wrong(code, laptop.Stacks{Main: main, Mail: stacks.Mail}, uses)
		if !strings.Contains(strings.Join(found, "\n"), taken.name) {
			t.Errorf("without %s nothing names %s; all that is said is %q", taken.what, taken.name, found)
		}
	}
	t.Logf("removed one by one: %v", tried)
	for kind, least := range map[string]int{"statement": 15, "action": 20, "variable": 15, "mapping": 2, "redrive": 3, "queue": 6, "condition": 3, "value": 2} {
		if tried[kind] < least {
			t.Errorf("only %d removals of a %s were tried: %v", tried[kind], kind, tried)
		}
	}
}

func wrong(code string, stacks laptop.Stacks, uses []iam.Use) []string {
	d, err := laptop.Read(code, stacks)
	if err != nil {
		return []string{err.Error()}
	}
	return audit.Everything(d, uses)
}

// removeOne takes out what comes at a place, counted through the whole template.
func removeOne(t *template.Template, place int) (removal, bool) {
	take := func() bool { place--; return place == -1 }
	for _, kind := range []string{"AWS::IAM::Policy", "AWS::KMS::Key"} {
		for _, id := range t.Of(kind) {
			if taken := fromPolicy(t.Resources[id], id, take); taken.what != "" {
				if queue := t.Resources[taken.name]; queue != nil {
					taken.name = fmt.Sprint(queue.Properties["QueueName"], ":")
				}
				return taken, true
			}
		}
	}
	for _, id := range t.Of("AWS::Lambda::Function") {
		environment := t.Resources[id].Properties["Environment"].(map[string]any)["Variables"].(map[string]any)
		for _, name := range sorted(environment) {
			if take() {
				delete(environment, name)
				return removal{"variable " + name + " of " + id, name}, true
			}
		}
	}
	for _, id := range t.Of("AWS::Lambda::EventSourceMapping") {
		if take() {
			delete(t.Resources, id)
			return removal{"mapping " + id, "feeds " + strings.ToLower(strings.Split(id, "Feed")[0])}, true
		}
	}
	for _, id := range t.Of("AWS::SQS::Queue") {
		name := t.Resources[id].Properties["QueueName"].(string)
		if t.Resources[id].Properties["RedrivePolicy"] != nil && take() {
			delete(t.Resources[id].Properties, "RedrivePolicy")
			return removal{"redrive of " + name, "queue " + name + " has no dead-letter queue"}, true
		}
		if take() {
			delete(t.Resources, id)
			return removal{"queue " + name, id}, true
		}
	}
	return removal{}, false
}

// fromPolicy takes out a statement, or one of the actions or resources that it has.
func fromPolicy(resource *template.Resource, id string, take func() bool) removal {
	document, _ := resource.Properties["PolicyDocument"].(map[string]any)
	if document == nil {
		document = resource.Properties["KeyPolicy"].(map[string]any)
	}
	statements := document["Statement"].([]any)
	for i, one := range statements {
		statement := one.(map[string]any)
		sid := fmt.Sprint(statement["Sid"])
		if sid == "Administer" {
			continue // an administrator's; the rules of the stacks hold it
		}
		for _, part := range []string{"Action", "Resource"} {
			many, _ := statement[part].([]any)
			for j, text := range many {
				if take() {
					statement[part] = slices.Delete(many, j, j+1)
					return removal{"action " + show(text) + " of " + id + " " + sid, nameOf(text)}
				}
			}
		}
		if resource.Type == "AWS::IAM::Policy" { // a key's policy bounds what roles may be given: the rules of the stacks hold it
			if taken := fromCondition(statement, id+" "+sid, take); taken.what != "" {
				return taken
			}
		}
		if take() {
			document["Statement"] = slices.Delete(statements, i, i+1)
			action := statement["Action"]
			if many, ok := action.([]any); ok {
				action = many[0]
			}
			return removal{"statement " + sid + " of " + id, nameOf(action)}
		}
	}
	return removal{}
}

// fromCondition takes out a condition key, or one of the values that it has.
func fromCondition(statement map[string]any, where string, take func() bool) removal {
	conditions, _ := statement["Condition"].(map[string]any)
	for _, operator := range sorted(conditions) {
		keys := conditions[operator].(map[string]any)
		for _, key := range sorted(keys) {
			// The country is bound by the key's own policy as well.
			if key != "kms:EncryptionContext:country" && take() {
				delete(keys, key)
				return removal{"condition " + key + " of " + where, key}
			}
			values, _ := keys[key].([]any)
			for i, value := range values {
				if take() {
					keys[key] = slices.Delete(values, i, i+1)
					return removal{"value " + show(value) + " of " + where, key}
				}
			}
		}
	}
	return removal{}
}

// nameOf is what somebody must say about an action or a resource that is missing: of an ARN, its last part; of a resource of
// the template, what it is there.
func nameOf(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	if members, ok := value.(map[string]any); ok {
		if parts, ok := members["Fn::GetAtt"].([]any); ok {
			return fmt.Sprint(parts[0])
		}
	}
	text := strings.Trim(show(value), `{}[]"`)
	return strings.TrimPrefix(text[strings.LastIndexAny(text, `:"`)+1:], `"`)
}

func show(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func sorted(values map[string]any) []string {
	var names []string
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
