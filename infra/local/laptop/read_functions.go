package laptop

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/template"
)

func readFunctions(t *template.Template, d *Definition) error {
	root, err := lambda.Root()
	if err != nil {
		return err //nolint:wrapcheck // it says what was being done
	}
	domains, err := siteDomains(t)
	if err != nil {
		return err
	}
	for _, id := range t.Of("AWS::Lambda::Function") {
		var f struct {
			FunctionName, Role                                string
			Timeout, MemorySize, ReservedConcurrentExecutions int
			Environment                                       struct{ Variables map[string]string }
			LoggingConfig                                     struct{ LogGroup string }
			TracingConfig                                     struct{ Mode string }
		}
		if err := t.Into(id, &f); err != nil {
			return err //nolint:wrapcheck // it names the place
		}
		short := strings.TrimPrefix(f.FunctionName, "immerse-"+d.Country+"-")
		folder := "functions/" + short + "/lambda"
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(folder))); err != nil {
			return fmt.Errorf("function %s has no program: there is no folder %s", f.FunctionName, folder)
		}
		role, err := ReadRole(t, f.Role)
		if err != nil {
			return fmt.Errorf("function %s: %w", f.FunctionName, err)
		}
		d.Functions = append(d.Functions, Function{
			Name: short, Deployed: f.FunctionName, Folder: folder, Env: here(f.Environment.Variables, domains),
			Timeout: seconds(f.Timeout), MemoryMB: f.MemorySize, Concurrency: f.ReservedConcurrentExecutions,
			LogGroup: f.LoggingConfig.LogGroup, Traced: f.TracingConfig.Mode == "Active", Role: role,
		})
	}
	return nil
}

// siteDomains are those that the site has in AWS.
func siteDomains(t *template.Template) ([]string, error) {
	domains := []string{template.Site}
	for _, id := range t.Of("AWS::CloudFront::Distribution") {
		distribution := t.Resources[id].Properties["DistributionConfig"]
		members, _ := distribution.(map[string]any)
		aliases, _ := members["Aliases"].([]any)
		for _, alias := range aliases {
			text, ok := alias.(string)
			if !ok {
				return nil, fmt.Errorf("%s: an alias of the site is %v, not a text", id, alias)
			}
			domains = append(domains, text)
		}
	}
	return domains, nil
}

// here is an environment for this machine: one rule, that the site has its address here and not the deployed one.
func here(variables map[string]string, domains []string) map[string]string {
	made := map[string]string{}
	for name, value := range variables {
		for _, domain := range domains {
			value = strings.ReplaceAll(value, "https://"+domain, "${base}")
		}
		made[name] = value
	}
	return made
}

// ReadRole finds a role by its ARN, with what is attached to it.
func ReadRole(t *template.Template, arn string) (*Role, error) {
	for _, id := range t.Of("AWS::IAM::Role") {
		if found, err := t.ARN(id); err != nil || found != arn {
			continue
		}
		var role struct {
			Policies          []struct{ PolicyDocument any }
			ManagedPolicyArns []string
		}
		if err := t.Into(id, &role); err != nil {
			return nil, err //nolint:wrapcheck // it names the place
		}
		if len(role.ManagedPolicyArns) > 0 {
			return nil, fmt.Errorf("role %s has managed policies, which the laptop doesn't know: %v", id, role.ManagedPolicyArns)
		}
		name, err := t.Name(id)
		if err != nil {
			return nil, err //nolint:wrapcheck // it names the role
		}
		made := &Role{Name: name, ARN: arn}
		for _, policy := range t.Of("AWS::IAM::Policy") {
			if err := attach(t, policy, made); err != nil {
				return nil, err
			}
		}
		if len(role.Policies) > 0 || len(t.Of("AWS::IAM::ManagedPolicy")) > 0 {
			return nil, fmt.Errorf("role %s: the laptop reads policies of type AWS::IAM::Policy only", id)
		}
		return made, nil
	}
	return nil, fmt.Errorf("there is no role %q", arn)
}

func attach(t *template.Template, policy string, role *Role) error {
	var attached struct{ Roles []string }
	if err := t.Into(policy, &attached); err != nil {
		return err //nolint:wrapcheck // it names the place
	}
	if !slices.Contains(attached.Roles, role.Name) {
		return nil
	}
	found, err := statements(t, policy, "PolicyDocument")
	role.Statements = append(role.Statements, found...)
	return err
}

func readMappings(t *template.Template, d *Definition) error {
	for _, id := range t.Of("AWS::Lambda::EventSourceMapping") {
		var m struct {
			EventSourceArn, FunctionName              string
			BatchSize, MaximumBatchingWindowInSeconds int
			FunctionResponseTypes                     []string
			ScalingConfig                             struct{ MaximumConcurrency int }
		}
		if err := t.Into(id, &m); err != nil {
			return err //nolint:wrapcheck // it names the place
		}
		if m.BatchSize == 0 {
			m.BatchSize = 10 // AWS's own
		}
		d.Mappings = append(d.Mappings, Mapping{
			Queue: last(m.EventSourceArn), Function: d.shortName(m.FunctionName), BatchSize: m.BatchSize,
			Window: seconds(m.MaximumBatchingWindowInSeconds), Concurrency: m.ScalingConfig.MaximumConcurrency,
			Partial: slices.Contains(m.FunctionResponseTypes, "ReportBatchItemFailures"),
		})
	}
	return nil
}

// shortName gives the name here of a function by its deployed name or ARN.
func (d *Definition) shortName(deployed string) string {
	for _, f := range d.Functions {
		if f.Deployed == last(deployed) {
			return f.Name
		}
	}
	return deployed
}

func readRoutes(t *template.Template, d *Definition) error {
	functions := map[string]string{}
	for _, id := range t.Of("AWS::ApiGatewayV2::Integration") {
		var integration struct{ IntegrationUri string } //nolint:revive // CloudFormation's spelling
		if err := t.Into(id, &integration); err != nil {
			return err //nolint:wrapcheck // it names the place
		}
		name, err := t.Name(id)
		if err != nil {
			return err //nolint:wrapcheck // likewise
		}
		functions["integrations/"+name] = d.shortName(integration.IntegrationUri)
	}
	for _, id := range t.Of("AWS::ApiGatewayV2::Route") {
		var route struct{ RouteKey, Target string }
		if err := t.Into(id, &route); err != nil {
			return err //nolint:wrapcheck // likewise
		}
		if functions[route.Target] == "" {
			return fmt.Errorf("%s.%s: the route %s leads nowhere", t.Stack, id, route.RouteKey)
		}
		d.Routes = append(d.Routes, Route{route.RouteKey, functions[route.Target]})
	}
	return nil
}

// readSchedules understands rate(…), of EventBridge's rules and of its scheduler.
func readSchedules(t *template.Template, d *Definition) error {
	for _, id := range append(t.Of("AWS::Events::Rule"), t.Of("AWS::Scheduler::Schedule")...) {
		type target struct{ Arn, Input string }
		var s struct {
			Name, ScheduleExpression string
			Targets                  []target
			Target                   target
		}
		if err := t.Into(id, &s); err != nil {
			return err //nolint:wrapcheck // it names the place
		}
		if s.ScheduleExpression == "" {
			continue
		}
		every, err := rate(s.ScheduleExpression)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", t.Stack, id, err)
		}
		for _, one := range append(s.Targets, s.Target) {
			if one.Arn == "" {
				continue
			}
			payload := []byte(one.Input)
			if !json.Valid(payload) {
				payload = []byte(`{"source":"aws.events","detail-type":"Scheduled Event","detail":{}}`)
			}
			d.Schedules = append(d.Schedules, Schedule{s.Name, d.shortName(one.Arn), every, payload})
		}
	}
	return nil
}

func rate(expression string) (time.Duration, error) {
	inside, isRate := strings.CutPrefix(expression, "rate(")
	number, unit, _ := strings.Cut(strings.TrimSuffix(inside, ")"), " ")
	units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	n, err := strconv.Atoi(number)
	length := units[strings.TrimSuffix(unit, "s")]
	if !isRate || err != nil || n < 1 || length == 0 {
		return 0, fmt.Errorf("the laptop understands schedules such as rate(5 minutes), not %q", expression)
	}
	return time.Duration(n) * length, nil
}
