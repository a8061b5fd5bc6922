package laptop

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/miict/immerse/infra/local/template"
)

func readMappings(t *template.Template, d *Definition) error {
	for _, id := range t.Of("AWS::Lambda::EventSourceMapping") {
		var m struct {
			EventSourceArn, FunctionName              string
			BatchSize, MaximumBatchingWindowInSeconds int
			FunctionResponseTypes                     []string
			ScalingConfig                             struct{ MaximumConcurrency int }
		}
		if err := t.Into(id, &m); err != nil {
			return err
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
			return err
		}
		name, err := t.Name(id)
		if err != nil {
			return err
		}
		functions["integrations/"+name] = d.shortName(integration.IntegrationUri)
	}
	for _, id := range t.Of("AWS::ApiGatewayV2::Route") {
		var route struct{ RouteKey, Target string }
		if err := t.Into(id, &route); err != nil {
			return err
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
			return err
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
