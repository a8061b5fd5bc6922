package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/country"
)

// reported are the events of a mail that the country hears of.
var reported = []string{"DELIVERY", "BOUNCE", "COMPLAINT", "DELIVERY_DELAY", "REJECT", "RENDERING_FAILURE"}

// newMail makes the stack in the region whose SES sends a country's mail, which is another one where SES isn't. It is a stack
// of its own for every country, so that no country is special. SES's events go by EventBridge, which encrypts what it
// holds, and crosses regions where it must: to a bus in the country's region (docs/decisions/0604).
func newMail(app constructs.Construct, n names, pack *country.Pack) awscdk.Stack {
	stack := newStack(app, n, n.mailStack(), pack.MailRegion)
	awsses.NewEmailIdentity(stack, jsii.String("Sender"), &awsses.EmailIdentityProps{
		Identity: awsses.Identity_Domain(jsii.String(mailDomain(pack))),
	})
	settings := awsses.NewConfigurationSet(stack, jsii.String("Settings"), &awsses.ConfigurationSetProps{
		ConfigurationSetName: jsii.String(n.plain()),
		TlsPolicy:            awsses.ConfigurationSetTlsPolicy_REQUIRE, // these mails are about people: rather not than in the open
		// SES itself would keep all mail for ever from an address that complained once, and report it as a bounce. What follows from a
		// complaint is decided here (decision 2906).
		SuppressionReasons: awsses.SuppressionReasons_BOUNCES_ONLY,
	})
	awsses.NewCfnConfigurationSetEventDestination(stack, jsii.String("Events"), &awsses.CfnConfigurationSetEventDestinationProps{
		ConfigurationSetName: settings.ConfigurationSetName(),
		EventDestination: &awsses.CfnConfigurationSetEventDestination_EventDestinationProperty{
			Name: jsii.String("country"), Enabled: jsii.Bool(true), MatchingEventTypes: jsii.Strings(reported...),
			EventBridgeDestination: &awsses.CfnConfigurationSetEventDestination_EventBridgeDestinationProperty{
				EventBusArn: busARN(stack, pack.MailRegion, "default"), // SES knows no other
			},
		},
	})
	if crosses(pack) {
		send(stack, n, busARN(stack, pack.Region, n.of("mail")))
	}
	watchMail(stack, n, pack)
	return stack
}

// crosses: the events of a country's mails come from another region. An event on a bus of one's own costs a dollar a million, and
// there is one for each mail; on the default bus, where SES puts it, it costs nothing.
func crosses(pack *country.Pack) bool { return pack.MailRegion != pack.Region }

// mailDomain is the domain that the country's mail is sent from.
func mailDomain(pack *country.Pack) string {
	_, domain, _ := strings.Cut(pack.MailFrom, "@")
	return domain
}

func busARN(stack awscdk.Stack, region, name string) *string {
	return jsii.String("arn:" + *stack.Partition() + ":events:" + region + ":" + *stack.Account() + ":event-bus/" + name)
}

// events are those of mails that were sent with the country's configuration set.
func events(n names) map[string]any {
	return map[string]any{
		"source": []string{"aws.ses"},
		"detail": map[string]any{"mail": map[string]any{"tags": map[string]any{"ses:configuration-set": []string{n.plain()}}}},
	}
}

// send passes SES's events on to the country's bus.
func send(stack awscdk.Stack, n names, bus *string) {
	role := awsiam.NewRole(stack, jsii.String("EventsRole"), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil),
		Description: jsii.String("Immerse: passes SES's events on to " + n.of("mail")),
	})
	role.AddToPrincipalPolicy(allow("Pass", bus, nil, "events:PutEvents"))
	rule := awsevents.NewCfnRule(stack, jsii.String("Pass"), &awsevents.CfnRuleProps{
		Name: jsii.String(n.of("mail")), EventPattern: events(n),
		Targets: []any{&awsevents.CfnRule_TargetProperty{Id: jsii.String("country"), Arn: bus, RoleArn: role.RoleArn()}},
	})
	rule.Node().AddDependency(policyOf(role))
}

// hear brings SES's events into the country's feedback queue.
func hear(stack awscdk.Stack, n names, pack *country.Pack, feedback queue) {
	var bus *string // the default one
	if crosses(pack) {
		bus = awsevents.NewEventBus(stack, jsii.String("MailBus"), &awsevents.EventBusProps{EventBusName: jsii.String(n.of("mail"))}).EventBusName()
	}
	rule := awsevents.NewCfnRule(stack, jsii.String("MailFeedback"), &awsevents.CfnRuleProps{
		Name: jsii.String(n.of("feedback")), EventBusName: bus, EventPattern: events(n),
		Targets: []any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("queue"), Arn: feedback.main.QueueArn(), InputPath: jsii.String("$.detail"), // SES's event itself
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: feedback.dead.QueueArn()},
		}},
	})
	for _, queue := range []awssqs.IQueue{feedback.main, feedback.dead} {
		statement := allow("Events", queue.QueueArn(), map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": rule.AttrArn()}},
			"sqs:SendMessage")
		statement.AddServicePrincipal(jsii.String("events.amazonaws.com"), nil)
		queue.AddToResourcePolicy(statement)
	}
}
