package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
)

func checkFunctions(t reporter, made template) {
	roles := map[string]string{}
	for id, f := range made.of("AWS::Lambda::Function") {
		name, _ := f.at("FunctionName").(string)
		switch {
		case f.at("Runtime") != "provided.al2023" || f.at("Handler") != "bootstrap":
			t.wrong("%s runs on %v", id, f.at("Runtime"))
		case !slices.Equal(list(f.at("Architectures")), []any{"arm64"}):
			t.wrong("%s is built for %v", id, f.at("Architectures"))
		case f.at("TracingConfig.Mode") != "Active":
			t.wrong("%s is not traced", id)
		case f.at("LoggingConfig.LogFormat") != "JSON" || f.at("LoggingConfig.SystemLogLevel") != "WARN" || f.at("LoggingConfig.ApplicationLogLevel") != "INFO":
			t.wrong("%s logs more or less than it should", id)
		case number(f.at("ReservedConcurrentExecutions")) < 1:
			t.wrong("%s has no reserved concurrency", id)
		case number(f.at("MemorySize")) < 128 || number(f.at("Timeout")) < 1 || number(f.at("Timeout")) > 29:
			t.wrong("%s has %v MB and %v s", id, f.at("MemorySize"), f.at("Timeout"))
		}
		group := made.Resources[target(f.at("LoggingConfig.LogGroup"))]
		if group == nil || group.at("LogGroupName") != "/aws/lambda/"+name {
			t.wrong("%s has no log group of its own", id)
		}
		role := target(f.at("Role"))
		if made.Resources[role] == nil || roles[role] != "" {
			t.wrong("%s has no role of its own", id)
		}
		roles[role] = id
		checkEnvironment(t, id, strings.TrimPrefix(name, name[:len("immerse-xx-")]), f.at("Environment.Variables"))
	}
	if len(roles) != len(functionNames) {
		t.wrong("%d functions, want %d", len(roles), len(functionNames))
	}
}

// Variables that a function's config.go asks for.
var (
	mustHave = regexp.MustCompile(`(?:Required\(|WebAddress\(|Parsed\(\w+, )"([A-Z_]+)"`)
	mayHave  = regexp.MustCompile(`(?:Optional|Duration)\("([A-Z_]+)"`)
)

// leftOut are variables that a stack needn't set: one is set if the pack says so, the others are for tests.
var leftOut = []string{"MAIL_REPLY_TO", "MAIL_SEND_TIMEOUT", "CATALOGUE_MAX_AGE", "PERCOLATION_PAUSE"}

// sharedConfigs are the parts of a configuration that several functions have, by how their config.go reads them.
var sharedConfigs = map[string]string{
	"read.Country()":             "../shared/environment/country.go",
	"published.Configured(read)": "../shared/published/config.go",
}

// checkEnvironment compares a function's environment with what its program asks for.
func checkEnvironment(t reporter, id, name string, variables any) {
	source, err := os.ReadFile("../functions/" + name + "/config.go")
	if err != nil {
		t.wrong("%s is no function's folder: %v", id, err)
		return
	}
	for reads, file := range sharedConfigs {
		if strings.Contains(string(source), reads) {
			source = append(source, readFile(file)...)
		}
	}
	given, _ := variables.(map[string]any)
	known := map[string]bool{}
	required := mustHave.FindAllSubmatch(source, -1)
	if len(required) < 2 {
		t.wrong("%s: how config.go reads its environment has changed; so must this test", id)
	}
	for _, found := range append(required, mayHave.FindAllSubmatch(source, -1)...) {
		variable := string(found[1])
		known[variable] = true
		if given[variable] == nil && !slices.Contains(leftOut, variable) {
			t.wrong("%s lacks the environment variable %s", id, variable)
		}
	}
	for variable := range given {
		if !known[variable] {
			t.wrong("%s has the environment variable %s, which nothing reads", id, variable)
		}
	}
}

func checkQueues(t reporter, made template) {
	queues := made.of("AWS::SQS::Queue")
	isDead := map[string]bool{}
	for _, q := range queues {
		isDead[target(q.at("RedrivePolicy.deadLetterTargetArn"))] = true
	}
	for id, q := range queues {
		if q.at("SqsManagedSseEnabled") != true {
			t.wrong("%s is not encrypted", id)
		}
		if !refusesPlainHTTP(made, "AWS::SQS::QueuePolicy", "Queues", id) {
			t.wrong("%s may be used without TLS", id)
		}
		if isDead[id] {
			continue
		}
		dead := queues[target(q.at("RedrivePolicy.deadLetterTargetArn"))]
		if dead == nil {
			t.wrong("%s has no dead-letter queue", id)
			continue
		}
		if number(q.at("RedrivePolicy.maxReceiveCount")) != maxReceives {
			t.wrong("%s tries a message %v times", id, q.at("RedrivePolicy.maxReceiveCount"))
		}
		if number(dead.at("MessageRetentionPeriod")) != deadLetterRetention*24*60*60 ||
			number(dead.at("MessageRetentionPeriod")) <= number(q.at("MessageRetentionPeriod")) {
			t.wrong("the dead letters of %s are kept for %v s", id, dead.at("MessageRetentionPeriod"))
		}
	}
}

// refusesPlainHTTP: some policy of the resource denies everything that doesn't come by TLS.
func refusesPlainHTTP(made template, kind, property, id string) bool {
	for _, policy := range made.of(kind) {
		if !slices.ContainsFunc(list(policy.at(property)), func(q any) bool { return target(q) == id }) {
			continue
		}
		for _, statement := range list(policy.at("PolicyDocument.Statement")) {
			if at(statement, "Effect") == "Deny" && at(at(statement, "Condition.Bool"), "aws:SecureTransport") == "false" {
				return true
			}
		}
	}
	return false
}

func checkFeeds(t reporter, made template) {
	feeds := made.of("AWS::Lambda::EventSourceMapping")
	fed := map[string]bool{}
	for id, feed := range feeds {
		function, queue := made.Resources[target(feed.at("FunctionName"))], made.Resources[target(feed.at("EventSourceArn"))]
		if function == nil || queue == nil {
			t.wrong("%s joins nothing", id)
			continue
		}
		fed[target(feed.at("FunctionName"))] = true
		if !slices.Contains(list(feed.at("FunctionResponseTypes")), any("ReportBatchItemFailures")) {
			t.wrong("%s brings a whole batch again when one message fails", id)
		}
		window, _ := feed.at("MaximumBatchingWindowInSeconds").(float64)
		if size := number(feed.at("BatchSize")); size < 1 || size > 10 && window == 0 || size > 10_000 {
			t.wrong("%s takes %v messages at a time", id, size) // AWS: more than ten need a window
		}
		most := number(feed.at("ScalingConfig.MaximumConcurrency"))
		if most < 2 || most > number(function.at("ReservedConcurrentExecutions")) {
			t.wrong("%s starts %v batches at once, its function has %v", id, most, function.at("ReservedConcurrentExecutions"))
		}
		if number(queue.at("VisibilityTimeout")) < 6*number(function.at("Timeout"))+window {
			t.wrong("%s: messages come back after %v s, the function takes up to %v after %v for a batch to fill",
				id, queue.at("VisibilityTimeout"), function.at("Timeout"), window)
		}
	}
	for _, name := range functionNames {
		if sizes[name].batch == 0 {
			continue
		}
		if !slices.ContainsFunc(keysOf(made.of("AWS::Lambda::Function")), func(id string) bool {
			return fed[id] && strings.HasPrefix(id, title(name))
		}) {
			t.wrong("no event source mapping feeds %s", name)
		}
	}
}

func keysOf(resources map[string]*resource) []string {
	var ids []string
	for id := range resources {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
