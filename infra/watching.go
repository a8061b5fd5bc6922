package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/country"
)

// runbook is what an alarm's description links into; a test checks that each anchor is there.
const runbook = "https://github.com/miict/immerse/blob/main/docs/operations.md#"

// watch makes what an operator sees and is woken by.
func watch(stack awscdk.Stack, n names, pack *country.Pack, functions functions, queues queues, api api) {
	a := newAlarms(stack, n.of("alerts"), "cloudwatch.amazonaws.com", "budgets.amazonaws.com")
	for _, queue := range queues.all() {
		a.page(waiting(n, queue))
		if queue.urgent {
			a.page(urgentDeadLetters(n, queue))
		}
	}
	for _, alarm := range []alarm{
		deadLetters(n, pack), silent(n, functions["followup"]), failing(n), throttled(n), failingRequests(n, api),
		badCatalogue(n, pack), deadInboxes(n, pack),
	} {
		a.page(alarm)
	}
	for _, alarm := range handOver(n, pack) {
		a.page(alarm)
	}
	newBudget(stack, n, pack, a.topic)
	newDashboard(stack, n, pack, functions, queues, api)
}

// An alarm says when to wake an operator, and what they should do then.
type alarm struct {
	id, name string
	metric   awscloudwatch.IMetric
	above    float64
	// for this many periods of the last so many; one of one when zero
	periods, of float64
	percentile  bool
	silence     bool   // below instead of above, and nothing measured is below
	todo        string // what to do, in a sentence or two
	anchor      string // where the runbook says more
}

// alarms wakes the operator through a topic, which they subscribe to (docs/operations.md).
type alarms struct {
	stack awscdk.Stack
	topic awssns.Topic
}

// newAlarms makes the topic, for the services that have something to say.
func newAlarms(stack awscdk.Stack, name string, services ...string) alarms {
	topic := awssns.NewTopic(stack, jsii.String("Alerts"), &awssns.TopicProps{
		TopicName: &name, DisplayName: &name, EnforceSSL: jsii.Bool(true),
	})
	// A topic with a policy of its own takes only what the policy says; alarms would be refused silently.
	publish := allow("Publish", topic.TopicArn(), map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": stack.Account()}},
		"sns:Publish")
	for _, service := range services {
		publish.AddPrincipals(awsiam.NewServicePrincipal(&service, nil))
	}
	topic.AddToResourcePolicy(publish)
	output(stack, "AlertsTopic", topic.TopicArn(), "subscribe whoever is on call to this")
	return alarms{stack, topic}
}

func (a alarms) page(alarm alarm) {
	props := &awscloudwatch.AlarmProps{
		AlarmName:          &alarm.name,
		AlarmDescription:   jsii.String(alarm.todo + " " + runbook + alarm.anchor),
		Metric:             alarm.metric,
		Threshold:          &alarm.above,
		ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_THRESHOLD,
		EvaluationPeriods:  jsii.Number(max(alarm.of, 1)),
		DatapointsToAlarm:  jsii.Number(max(alarm.periods, 1)),
		// Nothing measured means that nothing happened: a quiet night is not an alarm.
		TreatMissingData: awscloudwatch.TreatMissingData_NOT_BREACHING,
	}
	if alarm.silence {
		props.ComparisonOperator = awscloudwatch.ComparisonOperator_LESS_THAN_THRESHOLD
		props.TreatMissingData = awscloudwatch.TreatMissingData_BREACHING
	}
	if alarm.percentile {
		props.EvaluateLowSampleCountPercentile = jsii.String("ignore")
	}
	made := awscloudwatch.NewAlarm(a.stack, &alarm.id, props)
	action := awscloudwatchactions.NewSnsAction(a.topic)
	made.AddAlarmAction(action)
	made.AddOkAction(action)
}
