package laptop_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/template"
	"github.com/miict/immerse/infra/testdata"
	"github.com/miict/immerse/shared/country"
)

func TestEveryCountryIsReadFromItsTemplate(t *testing.T) {
	t.Parallel()
	for _, code := range country.Codes() {
		d, err := laptop.Immerse(strings.ToUpper(code))
		if err != nil {
			t.Fatal(err)
		}
		code = strings.ToLower(code)
		pack, err := country.Load(code)
		if err != nil {
			t.Fatal(err)
		}
		if d.Country != code || d.Region != pack.Region || d.Mail.Region != pack.MailRegion {
			t.Errorf("%s: country %s in %s, mail from %s", code, d.Country, d.Region, d.Mail.Region)
		}
		names := map[string]laptop.Function{}
		for _, f := range d.Functions {
			names[f.Name] = f
			if f.Role == nil || len(f.Role.Statements) == 0 || f.Timeout < time.Second || f.MemoryMB < 128 || f.Concurrency < 1 {
				t.Errorf("%s: function %+v is not as the template says", code, f)
			}
		}
		notification := names["notification"]
		if env := notification.Env; env["BASE_URL"] != "${base}" || env["COUNTRY"] != code || env["KMS_KEY_ID"] != d.Keys[0].ARN(d.Region) {
			t.Errorf("%s: the environment of notification is %v", code, env)
		}
		if notification.Deployed != "immerse-"+code+"-notification" {
			t.Errorf("%s: notification is deployed as %s", code, notification.Deployed)
		}
		if got := names["intake"].Env["MATCHING_QUEUE_URL"]; got != "${queue:immerse-"+code+"-matching}" {
			t.Errorf("%s: intake sends to %s", code, got)
		}
		seen := map[string]bool{}
		for _, q := range d.Queues {
			if q.DeadLetterQueue != "" && !seen[q.DeadLetterQueue] {
				t.Errorf("%s: %s comes before its dead-letter queue", code, q.Name)
			}
			seen[q.Name] = true
		}
		for _, m := range d.Mappings {
			if !seen[m.Queue] || names[m.Function].Name == "" || !m.Partial || m.BatchSize < 1 {
				t.Errorf("%s: mapping %+v", code, m)
			}
		}
		for _, r := range d.Routes {
			if names[r.Function].Name == "" {
				t.Errorf("%s: route %+v", code, r)
			}
		}
	}
}

// broken gives the Spanish templates with a change.
func broken(t *testing.T, change func(resources map[string]map[string]any)) laptop.Stacks {
	t.Helper()
	var all [2]*template.Template
	for i, stack := range []string{"Immerse-ES", "Immerse-ES-Mail"} {
		text, err := testdata.Templates.ReadFile(stack + ".template.json")
		if err != nil {
			t.Fatal(err)
		}
		var read struct{ Resources map[string]map[string]any }
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			change(read.Resources)
		}
		if text, err = json.Marshal(read); err != nil {
			t.Fatal(err)
		}
		if all[i], err = template.Parse(stack, "eu-south-2", text); err != nil {
			t.Fatal(err)
		}
	}
	return laptop.Stacks{Main: all[0], Mail: all[1]}
}

// properties of the first resource of a type.
func properties(resources map[string]map[string]any, kind string) map[string]any {
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		if resources[id]["Type"] == kind {
			return resources[id]["Properties"].(map[string]any)
		}
	}
	return nil
}

func TestWhatTheLaptopCannotDoIsAnError(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(map[string]map[string]any){
		"there is no folder functions/nobody/lambda": func(r map[string]map[string]any) {
			properties(r, "AWS::Lambda::Function")["FunctionName"] = "immerse-es-nobody"
		},
		"keys of texts only, not reference of type N": func(r map[string]map[string]any) {
			properties(r, "AWS::DynamoDB::Table")["AttributeDefinitions"].([]any)[0].(map[string]any)["AttributeType"] = "N"
		},
		"managed policies": func(r map[string]map[string]any) {
			properties(r, "AWS::IAM::Role")["ManagedPolicyArns"] = []any{"arn:aws:iam::aws:policy/AdministratorAccess"}
		},
		"leads nowhere": func(r map[string]map[string]any) {
			properties(r, "AWS::ApiGatewayV2::Route")["Target"] = "integrations/other"
		},
		"has NotAction": func(r map[string]map[string]any) {
			document := properties(r, "AWS::IAM::Policy")["PolicyDocument"].(map[string]any)
			document["Statement"].([]any)[0].(map[string]any)["NotAction"] = "x"
		},
		`not "cron(0 6 * * ? *)"`: func(r map[string]map[string]any) {
			properties(r, "AWS::Events::Rule")["ScheduleExpression"] = "cron(0 6 * * ? *)"
		},
	} {
		if _, err := laptop.Read("es", broken(t, change)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	scheduled := broken(t, func(r map[string]map[string]any) {
		rule := properties(r, "AWS::Events::Rule")
		rule["ScheduleExpression"] = "rate(5 minutes)"
		delete(rule, "EventPattern") // it was the one for SES's events
		rule["Targets"] = []any{map[string]any{"Arn": "arn:aws:lambda:eu-south-2:000000000000:function:immerse-es-matching"}}
	})
	d, err := laptop.Read("es", scheduled)
	if err != nil || !slices.ContainsFunc(d.Schedules, func(s laptop.Schedule) bool { return s.Function == "matching" && s.Every == 5*time.Minute }) {
		t.Errorf("schedules %+v, %v", d.Schedules, err)
	}
}
