package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var anchorOf = regexp.MustCompile(`docs/operations\.md#([a-z0-9-]+)`)

// wakes are what somebody is woken by: in a country's own stack, and in that of its mail. A percentile is an alarm of its own.
var wakes = map[bool][]string{
	false: {
		"AWS/ApiGateway 5xx Sum", "AWS/Lambda Errors Sum", "AWS/Lambda Throttles Sum", "AWS/Lambda Invocations Sum",
		"Immerse CatalogueTrouble Sum", "Immerse DeadInboxes Sum", "Immerse DeadLetters Maximum",
		"Immerse TimeToHandOver p90", "Immerse TimeToHandOver p99", "Immerse UrgentTimeToHandOver p99",
	},
	true: {"AWS/SES Reputation.BounceRate Maximum", "AWS/SES Reputation.ComplaintRate Maximum"},
}

// checkAlarms: whoever is woken reads what to do, and where it says more; and they are woken by all that matters.
func checkAlarms(t reporter, made template) {
	alarms := made.of("AWS::CloudWatch::Alarm")
	anchors := anchors(readFile("../docs/operations.md"))
	var watched []string
	for id, alarm := range alarms {
		description, _ := alarm.at("AlarmDescription").(string)
		found := anchorOf.FindStringSubmatch(description)
		if found == nil || !anchors[found[1]] {
			t.wrong("%s leads to nowhere in docs/operations.md: %s", id, description)
		}
		if len(strings.Fields(description)) < 10 {
			t.wrong("%s doesn't say what to do: %s", id, description)
		}
		if topic := made.Resources[target(list(alarm.at("AlarmActions"))[0])]; topic == nil || topic.Type != "AWS::SNS::Topic" {
			t.wrong("%s wakes nobody", id)
		}
		statistic := alarm.at("Statistic")
		if statistic == nil {
			statistic = alarm.at("ExtendedStatistic")
		}
		watched = append(watched, fmt.Sprint(alarm.at("Namespace"), " ", alarm.at("MetricName"), " ", statistic))
	}
	for _, metric := range wakes[len(made.of("AWS::SQS::Queue")) == 0] {
		if !slices.Contains(watched, metric) {
			t.wrong("nobody is woken by %s", metric)
		}
	}
	checkQueueAlarms(t, made)
}

// checkQueueAlarms: somebody is woken when a message is old in any queue, or put aside in any dead-letter queue: by an alarm of its
// own, or by what followup counts in it.
func checkQueueAlarms(t reporter, made template) {
	counts, isCounted := map[string]bool{}, map[string]bool{}
	for id, f := range made.of("AWS::Lambda::Function") {
		for _, url := range joined(f.at("Environment.Variables.DEAD_LETTER_QUEUE_URLS")) {
			isCounted[target(url)], counts[id] = true, true
		}
	}
	for _, alarm := range made.of("AWS::CloudWatch::Alarm") {
		if alarm.at("MetricName") == "Invocations" && counts[target(at(list(alarm.at("Dimensions"))[0], "Value"))] {
			if alarm.at("TreatMissingData") != "breaching" || alarm.at("ComparisonOperator") != "LessThanThreshold" {
				t.wrong("nobody is woken when what looks into the dead-letter queues is silent")
			}
		}
	}
	isDead := map[string]bool{}
	queues := made.of("AWS::SQS::Queue")
	for _, q := range queues {
		isDead[target(q.at("RedrivePolicy.deadLetterTargetArn"))] = true
	}
	for id := range queues {
		own := alarmOf(made, id, "ApproximateNumberOfMessagesVisible") != nil
		switch {
		case isDead[id] && !isCounted[id]:
			t.wrong("nothing looks into %s", id)
		case isDead[id] && strings.Contains(id, "Urgent") && !own:
			t.wrong("no alarm of its own watches %s", id)
		case !isDead[id] && oldestOf(made, id) == 0:
			t.wrong("nobody is woken when messages wait in %s", id)
		}
	}
}

// joined are the parts of a text that CloudFormation joins, without what stands between them.
func joined(value any) []any {
	parts := list(at(value, "Fn::Join"))
	if len(parts) != 2 {
		return nil
	}
	return list(parts[1])
}

// alarmOf is the alarm of a queue's metric; nil: none.
func alarmOf(made template, queue, metric string) *resource {
	for _, alarm := range made.of("AWS::CloudWatch::Alarm") {
		if alarm.at("MetricName") != metric {
			continue
		}
		for _, dimension := range list(alarm.at("Dimensions")) {
			if target(at(dimension, "Value")) == queue {
				return alarm
			}
		}
	}
	return nil
}

// oldestOf is the age of a queue's oldest message that wakes somebody, in seconds; 0: none.
func oldestOf(made template, queue string) float64 {
	if alarm := alarmOf(made, queue, "ApproximateAgeOfOldestMessage"); alarm != nil {
		return number(alarm.at("Threshold"))
	}
	return 0
}

// TestEveryAlarmIsMissed takes each alarm out of the templates of a country, and lets the watcher's own become quiet.
func TestEveryAlarmIsMissed(t *testing.T) {
	for _, stack := range []string{"Immerse-ES", "Immerse-ES-Mail"} {
		file := "testdata/" + stack + ".template.json"
		for id, alarm := range readTemplate(file).of("AWS::CloudWatch::Alarm") {
			made := readTemplate(file)
			delete(made.Resources, id)
			says := fmt.Sprint(alarm.at("MetricName"))
			if dimensions := list(alarm.at("Dimensions")); alarm.at("Namespace") == "AWS/SQS" {
				says = target(at(dimensions[0], "Value"))
			}
			if found := strings.Join(broken(stack, made), "\n"); !strings.Contains(found, says) {
				t.Errorf("without %s nothing says %q:\n%s", id, says, found)
			}
		}
	}
	made := readTemplate("testdata/Immerse-ES.template.json")
	for id, alarm := range made.of("AWS::CloudWatch::Alarm") {
		if strings.HasPrefix(id, "FollowupSilent") {
			alarm.Properties["TreatMissingData"] = "notBreaching"
		}
	}
	if found := strings.Join(broken("Immerse-ES", made), "\n"); !strings.Contains(found, "is silent") {
		t.Errorf("a watcher that nobody watches:\n%s", found)
	}
}
