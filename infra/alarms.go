package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/telemetry"
)

// The delivery objective, in milliseconds from submission until all mails are handed over: 90 % within 10 seconds, 99 %
// within 60.
const (
	handOver90 = 10_000
	handOver99 = 60_000
)

// urgentHandOver99 is the objective for those who can't wait, in milliseconds: 99 % within 10 seconds.
const urgentHandOver99 = 10_000

// oldestSeconds is the age at which a waiting message means that nobody works on the queue: more than all five tries of
// a message take.
const oldestSeconds = 600

// oldestUrgentSeconds is the age at which a message of somebody who can't wait has failed once, and most of a second try's
// wait is over.
const oldestUrgentSeconds = 90

// The queues of the urgent have an alarm of their own, of SQS's count, which comes each minute.
func urgentDeadLetters(n names, q queue) alarm {
	return alarm{
		id: q.id + "DeadLettersAlarm", name: n.of(q.name + "-dead-letters"),
		metric: q.dead.MetricApproximateNumberOfMessagesVisible(over(1, "Maximum")),
		todo: "A message about somebody who can't wait was tried five times and put aside: their case stands still. " +
			"Look at it with 'immersectl dlq list', mend the cause, then 'immersectl dlq redrive'.",
		anchor: "urgent-cases-wait",
	}
}

// deadLetters watches all dead-letter queues by what followup counts in them, each time that it is started: one alarm instead of one
// for each queue (decision 2701). It lasts as long as they lie.
func deadLetters(n names, pack *country.Pack) alarm {
	return alarm{
		id: "DeadLettersAlarm", name: n.of("dead-letters"),
		metric: measured(pack, "followup", telemetry.DeadLetters, "Maximum").With(over(every["followup"]+5, "Maximum")),
		todo: "Messages were tried five times and put aside: somebody's case stands still. " +
			"Look at them with 'immersectl dlq list', mend the cause, then 'immersectl dlq redrive'.",
		anchor: "dead-letters",
	}
}

// silent watches the watcher: nothing measured is what wakes somebody here.
func silent(n names, followup awslambda.IFunction) alarm {
	return alarm{
		id: "FollowupSilentAlarm", name: n.of("followup-silent"), above: 1, silence: true,
		metric: followup.MetricInvocations(over(2*every["followup"], "Sum")),
		todo: "The function followup was not started for half an hour: nobody is reminded or erased, and nobody looks into the " +
			"dead-letter queues. See that its schedule is on.",
		anchor: "nothing-is-followed-up",
	}
}

func waiting(n names, q queue) alarm {
	if q.urgent {
		return urgentWaiting(n, q)
	}
	return alarm{
		id: q.id + "WaitingAlarm", name: n.of(q.name + "-waiting"), above: oldestSeconds,
		metric: q.main.MetricApproximateAgeOfOldestMessage(over(1, "Maximum")), periods: 3, of: 3,
		todo: "Messages wait for more than ten minutes: the function " + q.reader +
			" is stopped, throttled or fails. Nothing is lost for four days.",
		anchor: "messages-wait",
	}
}

// urgentWaiting wakes somebody at once.
func urgentWaiting(n names, q queue) alarm {
	return alarm{
		id: q.id + "WaitingAlarm", name: n.of(q.name + "-waiting"), above: oldestUrgentSeconds,
		metric: q.main.MetricApproximateAgeOfOldestMessage(over(1, "Maximum")),
		todo: "Somebody without shelter tonight, or a child without care, waits for more than a minute and a half: the function " +
			q.reader + " is stopped or fails. Read its log, mend it, see that the case goes on.",
		anchor: "urgent-cases-wait",
	}
}

// failing watches all functions of the region by the one metric that Lambda keeps of them together. Three errors within a quarter of
// an hour are one start of a scheduled function that failed with both further tries that Lambda gives it.
func failing(n names) alarm {
	return alarm{
		id: "ErrorsAlarm", name: n.of("errors"), above: 2, metric: anywhere("Errors", 15),
		todo: "A function crashes or can't start: the dashboard shows which. Read its log for the first error; if a deployment came " +
			"before, roll it back.",
		anchor: "function-errors",
	}
}

func throttled(n names) alarm {
	return alarm{
		id: "ThrottlesAlarm", name: n.of("throttles"), metric: anywhere("Throttles", 5), periods: 2, of: 3,
		todo:   "More work than a function may do at once, again and again: a flood, or the concurrency is too small. The dashboard shows which.",
		anchor: "throttles",
	}
}

// anywhere is Lambda's metric of all functions in the region, which has no dimensions.
func anywhere(metric string, period float64) awscloudwatch.Metric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: jsii.String("AWS/Lambda"), MetricName: &metric, Statistic: jsii.String("Sum"), Period: minutes(period),
	})
}

func failingRequests(n names, a api) alarm {
	return alarm{
		id: "ApiErrorsAlarm", name: n.of("api-errors"), above: 2,
		metric: a.http.MetricServerError(over(5, "Sum")),
		todo:   "People get an error instead of an answer. Read the API's log for the status, then the log of intake.",
		anchor: "api-errors",
	}
}

// badCatalogue watches what functions say of the published catalogue each time they look at it: matching reads its index,
// notification its documents, as intake does. One report is enough, as a quiet country has one an hour.
func badCatalogue(n names, pack *country.Pack) alarm {
	return alarm{
		id: "CatalogueAlarm", name: n.of("catalogue"), metric: measuredAnywhere(pack, telemetry.CatalogueTrouble, "Sum"),
		todo: "The catalogue that is published is refused, can't be read, or nothing is published: a function" +
			" works with an older one. Look with 'immersectl catalogue versions', publish again or roll back.",
		anchor: "catalogue",
	}
}

// deadInboxes wakes somebody once for each inbox that is found dead: what is referred there reaches nobody.
func deadInboxes(n names, pack *country.Pack) alarm {
	return alarm{
		id: "DeadInboxAlarm", name: n.of("dead-inbox"), metric: measured(pack, "feedback", telemetry.DeadInboxes, "Sum"),
		todo: "Mail to an authority came back for good, or it complained: nothing more is sent to that inbox. " +
			"'immersectl status' names it; call the authority and publish its address with the catalogue.",
		anchor: "dead-inboxes",
	}
}

// handOver watches the delivery objective. Few samples of an hour say little about a percentile, so they are ignored.
func handOver(n names, pack *country.Pack) []alarm {
	make := func(id, name, statistic string, limit float64) alarm {
		return alarm{
			id: id, name: n.of(name), above: limit, periods: 2, of: 3, percentile: true,
			metric: measured(pack, "notification", telemetry.TimeToHandOver, statistic),
			todo: "Mails are handed over later than promised (90 % within 10 seconds, 99 % within 60). " +
				"Look whether SES throttles, whether messages wait and how long the functions take.",
			anchor: "slow-hand-over",
		}
	}
	// Few cases are urgent, so each counts: its percentile is worked out from as many as there are.
	urgent := alarm{
		id: "UrgentHandOverAlarm", name: n.of("urgent-hand-over-p99"), above: urgentHandOver99,
		metric: measured(pack, "notification", telemetry.UrgentTimeToHandOver, "p99"),
		todo: "An urgent case was handed over later than promised (99 % within 10 seconds). " +
			"Look whether urgent messages wait, whether SES throttles, how long the functions take.",
		anchor: "urgent-cases-wait",
	}
	return []alarm{
		urgent,
		make("HandOver90Alarm", "hand-over-p90", "p90", handOver90),
		make("HandOver99Alarm", "hand-over-p99", "p99", handOver99),
	}
}

// AWS looks into an account whose bounces are above 5 % or whose complaints are above 0.1 %, and may stop its mail at 10 % and
// 0.5 %. The metrics are those of the account in the mail region, as that is what AWS stops.
const (
	bounceLimit    = 0.05
	complaintLimit = 0.001
)

// watchMail alarms in the mail's region, where SES's own metrics are.
func watchMail(stack awscdk.Stack, n names, pack *country.Pack) {
	a := newAlarms(stack, n.of("mail-alerts"), "cloudwatch.amazonaws.com")
	rate := func(name string) awscloudwatch.IMetric {
		return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
			Namespace: jsii.String("AWS/SES"), MetricName: jsii.String("Reputation." + name),
			Statistic: jsii.String("Maximum"), Period: minutes(60),
		})
	}
	a.page(alarm{
		id: "BounceAlarm", name: n.of("bounces"), above: bounceLimit, metric: rate("BounceRate"),
		todo:   "Too many mails from " + pack.MailFrom + " come back; AWS stops all mail at 10 %. Find the addresses that don't exist.",
		anchor: "bounces-and-complaints",
	})
	a.page(alarm{
		id: "ComplaintAlarm", name: n.of("complaints"), above: complaintLimit, metric: rate("ComplaintRate"),
		todo:   "Recipients mark mails from " + pack.MailFrom + " as spam; AWS stops all mail at 0.5 %. Find out who, and call them.",
		anchor: "bounces-and-complaints",
	})
}

// measured is one of the functions' own metrics (package telemetry), over five minutes.
func measured(pack *country.Pack, function, metric, statistic string) awscloudwatch.Metric {
	return ours(metric, statistic, map[string]*string{"country": &pack.Code, "function": &function})
}

// measuredAnywhere is one that all functions write together.
func measuredAnywhere(pack *country.Pack, metric, statistic string) awscloudwatch.Metric {
	return ours(metric, statistic, map[string]*string{"country": &pack.Code})
}

func ours(metric, statistic string, dimensions map[string]*string) awscloudwatch.Metric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: jsii.String(telemetry.Namespace), MetricName: &metric, Statistic: &statistic, Period: minutes(5),
		DimensionsMap: &dimensions,
	})
}

func over(period float64, statistic string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Period: minutes(period), Statistic: &statistic}
}

func minutes(n float64) awscdk.Duration { return awscdk.Duration_Minutes(&n) }
