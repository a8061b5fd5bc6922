package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

// every is how often a function is started, in minutes.
//
// Followup goes through what is due. That is so at nine in the morning; the other sweeps go on with what a sweep had no
// time for, and catch up after an outage.
//
// Feedback writes down what became of mails. Every start is a trace and a request to SQS: five minutes cost five cents a month, and
// an authority's dead inbox is known soon enough (docs/decisions/1902).
var every = map[string]float64{"followup": 15, "feedback": 5}

// schedule starts functions again and again.
func schedule(stack awscdk.Stack, n names, functions functions) {
	for _, name := range functionNames {
		if every[name] == 0 {
			continue
		}
		function := functions[name]
		rule := awsevents.NewCfnRule(stack, jsii.String(title(name)+"Schedule"), &awsevents.CfnRuleProps{
			Name:               jsii.String(n.of(name + "-schedule")),
			ScheduleExpression: awsevents.Schedule_Rate(minutes(every[name])).ExpressionString(),
			Targets:            []any{&awsevents.CfnRule_TargetProperty{Id: jsii.String("function"), Arn: function.FunctionArn(), Input: jsii.String("{}")}},
		})
		awslambda.NewCfnPermission(stack, jsii.String(title(name)+"MayBeStarted"), &awslambda.CfnPermissionProps{
			Action: jsii.String("lambda:InvokeFunction"), FunctionName: function.FunctionArn(),
			Principal: jsii.String("events.amazonaws.com"), SourceArn: rule.AttrArn(),
		})
	}
}
