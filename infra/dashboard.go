package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/telemetry"
)

// newDashboard shows a country on one page, in the order in which an operator asks: do people get through, are they
// told in time, does anything lie about, are the machines well.
func newDashboard(stack awscdk.Stack, n names, pack *country.Pack, functions functions, queues queues, api api) {
	board := awscloudwatch.NewDashboard(stack, jsii.String("Dashboard"), &awscloudwatch.DashboardProps{
		DashboardName: jsii.String(n.plain()),
	})
	count := func(function, metric string) awscloudwatch.IMetric { return measured(pack, function, metric, "Sum") }
	board.AddWidgets(
		graph("Applications", count("intake", telemetry.Received), count("matching", telemetry.Matched), count("intake", telemetry.Erased)),
		graph("Mails", count("notification", telemetry.MailsSent), count("notification", telemetry.MailsFailed),
			count("notification", telemetry.MailsThrottled)),
		graph("From submission to hand-over, ms", measured(pack, "notification", telemetry.UrgentTimeToHandOver, "p99"), measured(pack, "notification", telemetry.TimeToHandOver, "p50"),
			measured(pack, "notification", telemetry.TimeToHandOver, "p90"), measured(pack, "notification", telemetry.TimeToHandOver, "p99")),
	)
	board.AddWidgets(
		graph("Age of the oldest message, s", each(queues, func(q queue) awscloudwatch.IMetric {
			return q.main.MetricApproximateAgeOfOldestMessage(named(q.name, "Maximum"))
		})...),
		graph("Dead letters", each(queues, func(q queue) awscloudwatch.IMetric {
			return q.dead.MetricApproximateNumberOfMessagesVisible(named(q.name, "Maximum"))
		})...),
		graph("Tried again", count("matching", telemetry.Retried), count("notification", telemetry.Retried),
			count("matching", telemetry.OrphanedMessage)),
	)
	// An account's free dashboards have fifty metrics at most; above, one costs three dollars a month.
	var errors, durations []awscloudwatch.IMetric
	for _, name := range functionNames {
		errors = append(errors, functions[name].MetricErrors(named(name, "Sum")))
		durations = append(durations, functions[name].MetricDuration(named(name, "p99")))
	}
	board.AddWidgets(
		graph("Requests", api.http.MetricCount(named("all", "Sum")), api.http.MetricClientError(named("4xx", "Sum")),
			api.http.MetricServerError(named("5xx", "Sum"))),
		graph("Errors and throttles", append(errors, anywhere("Throttles", 5).With(named("throttled", "Sum")))...),
		graph("Duration (p99), ms", durations...),
	)
}

func graph(title string, metrics ...awscloudwatch.IMetric) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{
		Title: &title, Left: &metrics, Width: jsii.Number(8), Height: jsii.Number(6),
		LeftYAxis: &awscloudwatch.YAxisProps{Min: jsii.Number(0)},
	})
}

func each(queues queues, metric func(queue) awscloudwatch.IMetric) []awscloudwatch.IMetric {
	var all []awscloudwatch.IMetric
	for _, q := range queues.all() {
		all = append(all, metric(q))
	}
	return all
}

func named(label, statistic string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Label: &label, Statistic: &statistic, Period: minutes(5)}
}
