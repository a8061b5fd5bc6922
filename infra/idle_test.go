package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// idleBudget is what a country may cost in a month in which nobody asks, in US dollars, in any year, with what AWS gives every
// account for nothing for ever.
const idleBudget = 5.0

// What AWS gives an account for nothing, each month and for ever, and the prices above it, in US dollars.
const (
	freeAlarms, alarmMonth      = 10, 0.10
	freeMillions, million       = 1, 0.40 // of requests to SQS
	freeDashboards, boardMonth  = 3, 3.00
	freeTraces, millionOfTraces = 100_000, 5.00
	dashboardMetrics            = 50   // above, one is none of the free ones
	keyVersion, keyVersions     = 1, 3 // a dollar for the key, and for each of its first two yearly rotations
	siteMonth                   = 0.01 // a few megabytes in S3
	keyRequests                 = 0.02 // DynamoDB asks for the tables' key while followup looks; 20,000 are free
)

// polls is how many millions of requests Lambda makes of a queue in a month in which nothing comes: five long polls of 20 seconds at
// a time.
const polls = 5 * 3 * 60 * 24 * 30 / 1e6

// TestAnIdleCountryCostsWhatTheRunbookSays reckons from the templates what costs while nobody asks, at the prices that
// docs/operations.md names: alarms, the key, Lambda's polling of the queues that it feeds functions from, scheduled starts, the dashboard.
func TestAnIdleCountryCostsWhatTheRunbookSays(t *testing.T) {
	main, mail := readTemplate("testdata/Immerse-ES.template.json"), readTemplate("testdata/Immerse-ES-Mail.template.json")
	alarms, abroad := len(main.of("AWS::CloudWatch::Alarm")), len(mail.of("AWS::CloudWatch::Alarm"))
	queues := len(main.of("AWS::Lambda::EventSourceMapping"))
	keys, boards := len(main.of("AWS::KMS::Key")), len(main.of("AWS::CloudWatch::Dashboard"))
	starts, requests := 0.0, polls*float64(queues)
	for name, minutes := range every {
		starts += 30 * 24 * 60 / minutes
		looked := map[string]int{"feedback": 1, "followup": len(main.of("AWS::SQS::Queue")) / 2} // queues that it asks each time
		requests += 30 * 24 * 60 / minutes * float64(looked[name]) / 1e6
	}
	if starts > freeTraces || boards > freeDashboards {
		t.Errorf("%g traces and %d dashboards are more than AWS gives for nothing", starts, boards)
	}
	list := alarmMonth*float64(alarms+abroad) + million*requests + starts/1e6*(millionOfTraces+0.40+0.20) + keyRequests +
		boardMonth*float64(boards) + siteMonth
	paid := alarmMonth*float64(alarms+abroad-freeAlarms) + million*(requests-freeMillions) + siteMonth
	says := []string{
		fmt.Sprintf("| alarms | %d + %d in the mail region |", alarms, abroad), fmt.Sprintf("| polling %d queues", queues),
		fmt.Sprintf("%g times", starts),
	}
	for year := 1; year <= keyVersions; year++ {
		key := float64(min(year, keyVersions) * keyVersion * keys)
		if paid+key >= idleBudget {
			t.Errorf("an idle country costs %.2f a month in year %d, not less than %.2f", paid+key, year, idleBudget)
		}
		says = append(says, fmt.Sprintf("| **%.2f** | **%.2f** |", list+key, paid+key))
	}
	runbook := strings.ReplaceAll(readFile("../docs/operations.md"), ",", "")
	for _, line := range says {
		if !strings.Contains(runbook, line) {
			t.Errorf("the runbook doesn't say %q", line)
		}
	}
}

// TestTheDashboardIsOneOfTheFree: with more metrics than AWS says it costs three dollars, as much as all alarms.
func TestTheDashboardIsOneOfTheFree(t *testing.T) {
	main := readTemplate("testdata/Immerse-ES.template.json")
	for id, board := range main.of("AWS::CloudWatch::Dashboard") {
		var text strings.Builder
		for _, part := range joined(board.at("DashboardBody")) {
			if literal, ok := part.(string); ok {
				text.WriteString(literal)
			} else {
				text.WriteString("it")
			}
		}
		var body struct {
			Widgets []struct {
				Properties struct{ Metrics [][]any }
			}
		}
		if err := json.Unmarshal([]byte(text.String()), &body); err != nil {
			t.Fatal(err)
		}
		shown := 0
		for _, widget := range body.Widgets {
			shown += len(widget.Properties.Metrics)
		}
		if shown == 0 || shown > dashboardMetrics {
			t.Errorf("%s shows %d metrics: more than %d are not free", id, shown, dashboardMetrics)
		}
		t.Logf("%s shows %d metrics", id, shown)
	}
}
