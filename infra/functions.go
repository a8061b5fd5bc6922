package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// functionNames are the folders below functions/ that are deployed, in the order of the flow.
var functionNames = []string{"intake", "matching", "notification", "referral", "percolation", "feedback", "followup", "hsds", "figures"}

// A size says how much of everything a function gets.
type size struct {
	memory      float64 // MB; the share of a processor grows with it
	timeout     float64 // seconds
	concurrency float64 // reserved: as many at once, and no more
	batch       float64 // messages at a time, for those that read a queue
	window      float64 // seconds to wait for a batch to fill; 0: not at all
	urgent      float64 // how many of them are kept for the urgent, who come one at a time; 0: it has no queue for them
}

// sizes, and why. A program needs 20 to 40 MB; memory buys processor time: at 512 MB reading the pack and the keys takes a
// quarter of a second in a cold start, and a person waits for intake. Nobody waits for notification, which waits for
// SES itself.
//
// Reserved concurrency keeps a flood at one door from starving the rest of the account, and bounds the bill. Intake: 20
// at some 50 ms are 400 applications a second, far more than the API lets through. Matching: 2 at some 10 ms outrun
// intake, and wait a second for others who came at the same time: half the invocations in a wave, for a second of the
// ten in which nine of ten are to be handed over. The urgent's don't wait. Notification: 2 that hand four mails over at
// once come to the 14 a second that SES allows an account at first; what it refuses waits for a second
// (functions/notification/pace.go), and in batches of two there is time for that.
//
// Two more of each are for the urgent only, however much of the others waits: two are as few as a feed may have.
//
// Feedback: nobody waits for it, and the events about one application, which come within seconds, are written down
// together, as each write is paid by the size of the whole ledger: so it is not fed, but works off its queue every few
// minutes (schedule.go), one at a time; 10,000 events a run are more than twice what SES allows at first.
//
// Referral: an officer waits for it as a person does for intake; 5 at some 50 ms are 100 pages a second.
// Followup: one sweep at a time, as two would do the same. One that runs out of time is gone on with by the next.
//
// Hsds: 5 at some 20 ms are 250 answers a second, most of which the content network gives; a harvester that asks for more
// waits, and nobody else does.
// Figures: as hsds, and the content network gives its few answers for an hour.
// Percolation: a page of 200 people a message takes a second or two, and nobody waits for it; two at once are as few as a
// feed may have.
//
// Timeouts: matching's grace time (functions/matching/early.go) must be longer than intake's. One hand-over to SES may
// take 4 seconds (functions/notification/config.go), and the record after it must still fit.
var sizes = map[string]size{
	"intake":       {memory: 512, timeout: 10, concurrency: 20},
	"matching":     {memory: 512, timeout: 5, concurrency: 4, batch: 10, window: 1, urgent: 2},
	"notification": {memory: 256, timeout: 10, concurrency: 4, batch: 2, urgent: 2},
	"feedback":     {memory: 256, timeout: 29, concurrency: 1},
	"referral":     {memory: 512, timeout: 10, concurrency: 5},
	"followup":     {memory: 256, timeout: 29, concurrency: 1},
	"hsds":         {memory: 512, timeout: 10, concurrency: 5},
	"figures":      {memory: 512, timeout: 10, concurrency: 2},
	"percolation":  {memory: 512, timeout: 25, concurrency: 2, batch: 1},
}

const logRetention = awslogs.RetentionDays_ONE_MONTH

// functions by name.
type functions map[string]awslambda.Function

// newFunctions makes each function with its own log group, under its own role.
func newFunctions(stack awscdk.Stack, n names, roles roles, env map[string]environment, code codeOf) functions {
	made := functions{}
	for _, name := range functionNames {
		size := sizes[name]
		logs := newLogs(stack, title(name)+"Logs", "/aws/lambda/"+n.of(name))
		keepLogs(roles[name], logs.LogGroupArn())
		variables := map[string]*string(env[name])
		made[name] = awslambda.NewFunction(stack, jsii.String(title(name)), &awslambda.FunctionProps{
			FunctionName:                 jsii.String(n.of(name)),
			Runtime:                      awslambda.Runtime_PROVIDED_AL2023(),
			Architecture:                 awslambda.Architecture_ARM_64(),
			Handler:                      jsii.String("bootstrap"),
			Code:                         code(stack, name),
			Role:                         roles[name].WithoutPolicyUpdates(nil), // roles.go says all that a role may do
			Environment:                  &variables,
			MemorySize:                   &size.memory,
			Timeout:                      seconds(size.timeout),
			ReservedConcurrentExecutions: &size.concurrency,
			Tracing:                      awslambda.Tracing_ACTIVE,
			LogGroup:                     logs,
			LoggingFormat:                awslambda.LoggingFormat_JSON,
			ApplicationLogLevelV2:        awslambda.ApplicationLogLevel_INFO,
			// Lambda's own lines about an invocation that went well say what metrics say, and were a third of all logs.
			SystemLogLevelV2: awslambda.SystemLogLevel_WARN,
		})
		afterPolicy(stack, made[name], roles[name])
	}
	return made
}

// afterPolicy makes a function wait for what it may do: else messages that are already there would be tried for nothing.
// The CDK would write down the role, too, which the function names anyway.
func afterPolicy(stack awscdk.Stack, function awslambda.Function, role awsiam.Role) {
	policy := policyOf(role).Node().DefaultChild().(awscdk.CfnElement)
	resource := function.Node().DefaultChild().(awscdk.CfnResource)
	resource.AddOverride(jsii.String("DependsOn"), []*string{stack.GetLogicalId(policy)})
}

// feed lets each queue's reader work on it.
func feed(stack awscdk.Stack, functions functions, queues queues) {
	for _, queue := range queues.all() {
		size, id := sizes[queue.reader], title(queue.reader)+"Feed"
		if size.batch == 0 {
			continue // its reader comes by itself
		}
		// No more batches than there is reserved concurrency: those above it would be throttled, and each such attempt
		// counts as one of the five a message has.
		most := size.concurrency - size.urgent
		if queue.urgent {
			size.batch, size.window, most, id = 1, 0, size.urgent, id+"Urgent"
		}
		props := &awslambda.EventSourceMappingProps{
			Target:                  functions[queue.reader],
			EventSourceArn:          queue.main.QueueArn(),
			BatchSize:               &size.batch,
			ReportBatchItemFailures: jsii.Bool(true),
			MaxConcurrency:          &most,
		}
		if size.window > 0 {
			props.MaxBatchingWindow = seconds(size.window)
		}
		awslambda.NewEventSourceMapping(stack, &id, props)
	}
}

func newLogs(stack awscdk.Stack, id, name string) awslogs.LogGroup {
	return awslogs.NewLogGroup(stack, &id, &awslogs.LogGroupProps{
		LogGroupName: &name, Retention: logRetention,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY, // ids and times, gone after a month anyway
	})
}
