package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// sweepEvery is how often followup goes through what is due, in minutes. What is due is so at nine in the morning; the other
// sweeps go on with what a sweep had no time for, and catch up after an outage.
const sweepEvery = 15

// schedule starts followup again and again.
func schedule(stack awscdk.Stack, n names, functions functions) {
	function := functions["followup"]
	rule := awsevents.NewCfnRule(stack, jsii.String("FollowupSchedule"), &awsevents.CfnRuleProps{
		Name: jsii.String(n.of("followup")), ScheduleExpression: awsevents.Schedule_Rate(minutes(sweepEvery)).ExpressionString(),
		Targets: []any{&awsevents.CfnRule_TargetProperty{Id: jsii.String("function"), Arn: function.FunctionArn(), Input: jsii.String("{}")}},
	})
	awslambda.NewCfnPermission(stack, jsii.String("FollowupMayBeStarted"), &awslambda.CfnPermissionProps{
		Action: jsii.String("lambda:InvokeFunction"), FunctionName: function.FunctionArn(),
		Principal: jsii.String("events.amazonaws.com"), SourceArn: rule.AttrArn(),
	})
}
