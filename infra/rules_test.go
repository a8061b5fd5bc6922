package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rules hold for every template of a country, by kind of resource and never by name: what is added later is held to
// them too. They need no Node, as they read the golden templates.
var rules = map[string]func(reporter, template){
	"functions": checkFunctions,
	"roles":     checkRoles,
	"policies":  checkPolicies,
	"queues":    checkQueues,
	"feeds":     checkFeeds,
	"urgent":    checkUrgent,
	"tables":    checkTables,
	"logs":      checkLogs,
	"buckets":   checkBuckets,
	"alarms":    checkAlarms,
	"requests":  checkRequests,
	"schedules": checkSchedules,
	"reports":   checkReports,
	"edge":      checkEdge,
	"whole":     checkWhole,
}

// reporter names the template and the rule in front of what is wrong.
type reporter struct {
	where  string
	report func(string)
}

func (r reporter) wrong(format string, arguments ...any) {
	r.report(r.where + ": " + fmt.Sprintf(format, arguments...))
}

// check holds a template to all rules.
func check(t *testing.T, stack string, made template) {
	t.Helper()
	for _, wrong := range broken(stack, made) {
		t.Error(wrong)
	}
}

// broken gives what a template does against the rules.
func broken(stack string, made template) []string {
	var all []string
	for rule, check := range rules {
		if strings.HasSuffix(stack, "-Mail") && !slices.Contains([]string{"roles", "policies", "alarms", "logs", "whole"}, rule) {
			continue
		}
		check(reporter{stack + ": " + rule, func(wrong string) { all = append(all, wrong) }}, made)
	}
	return all
}

func TestEveryTemplateKeepsTheRules(t *testing.T) {
	files, err := filepath.Glob("testdata/*.template.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden templates: %v", err)
	}
	for _, file := range files {
		check(t, strings.TrimSuffix(filepath.Base(file), ".template.json"), readTemplate(file))
	}
}

func TestNamesAreFixed(t *testing.T) {
	for _, stack := range []string{"Immerse-ES", "Immerse-IT", "Immerse-CY"} {
		golden := readTemplate(filepath.Join("testdata", stack+".template.json"))
		code := strings.ToLower(stack[len("Immerse-"):])
		var named []string
		for _, r := range golden.Resources {
			for _, property := range []string{"TableName", "QueueName", "FunctionName"} {
				if name, ok := r.Properties[property].(string); ok {
					named = append(named, strings.TrimPrefix(name, "immerse-"+code+"-"))
				}
			}
		}
		slices.Sort(named)
		want := []string{
			"applications", "feedback", "feedback", "feedback-dlq", "figures", "figures", "followup", "hsds", "intake", "keys", "matching", "matching", "matching-dlq",
			"matching-urgent", "matching-urgent-dlq", "notification", "notification", "notification-dlq", "notification-urgent",
			"notification-urgent-dlq", "percolation", "percolation", "percolation-dlq", "places",
			"referral",
		}
		if !slices.Equal(named, want) {
			t.Errorf("%s names %v, want %v", stack, named, want)
		}
	}
}

// The two stacks of a country may be in one region: no name may be in both.
func TestNoNameIsTakenTwice(t *testing.T) {
	for _, stack := range []string{"Immerse-ES", "Immerse-IT", "Immerse-CY"} {
		taken := map[string]string{}
		for _, part := range []string{stack, stack + "-Mail"} {
			for id, r := range readTemplate(filepath.Join("testdata", part+".template.json")).Resources {
				for property, value := range r.Properties {
					name, ok := value.(string)
					refers := property == "DisplayName" || property == "EventBusName" && r.Type == "AWS::Events::Rule"
					if !ok || refers || !strings.HasSuffix(property, "Name") || !strings.HasPrefix(name, "immerse-") {
						continue
					}
					name = r.Type + " " + name
					if other := taken[name]; other != "" {
						t.Errorf("%s: %s and %s are both called %s", stack, other, id, name)
					}
					taken[name] = id
				}
			}
		}
	}
}

// of gives the resources of a type, by logical id.
func (t template) of(kind string) map[string]*resource {
	found := map[string]*resource{}
	for id, r := range t.Resources {
		if r.Type == kind {
			found[id] = r
		}
	}
	return found
}

// at follows a path of members and gives nil where it ends early, or where there is no resource.
func (r *resource) at(path string) any {
	if r == nil {
		return nil
	}
	return at(r.Properties, path)
}

func at(value any, path string) any {
	for _, name := range strings.Split(path, ".") {
		members, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = members[name]
	}
	return value
}

// target gives the logical id that a Ref or Fn::GetAtt leads to.
func target(value any) string {
	members, _ := value.(map[string]any)
	if id, ok := members["Ref"].(string); ok {
		return id
	}
	if parts, ok := members["Fn::GetAtt"].([]any); ok {
		return fmt.Sprint(parts[0])
	}
	return ""
}

// list gives a value that may stand alone as a list.
func list(value any) []any {
	if many, ok := value.([]any); ok {
		return many
	}
	if value == nil {
		return nil
	}
	return []any{value}
}

func number(value any) float64 {
	n, _ := value.(float64)
	return n
}

func readFile(name string) string {
	data, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(data)
}
