package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsbudgets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/country"
)

// costTag is on everything of a country, so that its cost can be told from the others'. AWS counts by it once it is
// activated as a cost allocation tag (docs/operations.md).
const costTag = "immerse-country"

// defaultBudget is in US dollars a month: an idle country costs less than five, a busy one little more without its mail.
const defaultBudget = 25

// newBudget tells the operator when a country costs more than it should: what was spent above four fifths, or what will
// be spent above the whole.
func newBudget(stack awscdk.Stack, n names, pack *country.Pack, topic awssns.ITopic) {
	limit := float64(defaultBudget)
	if pack.MonthlyBudget > 0 {
		limit = pack.MonthlyBudget
	}
	notice := func(kind string, percent float64) *awsbudgets.CfnBudget_NotificationWithSubscribersProperty {
		return &awsbudgets.CfnBudget_NotificationWithSubscribersProperty{
			Notification: &awsbudgets.CfnBudget_NotificationProperty{
				NotificationType: &kind, ComparisonOperator: jsii.String("GREATER_THAN"),
				Threshold: &percent, ThresholdType: jsii.String("PERCENTAGE"),
			},
			Subscribers: []any{&awsbudgets.CfnBudget_SubscriberProperty{
				SubscriptionType: jsii.String("SNS"), Address: topic.TopicArn(),
			}},
		}
	}
	awsbudgets.NewCfnBudget(stack, jsii.String("Budget"), &awsbudgets.CfnBudgetProps{
		Budget: &awsbudgets.CfnBudget_BudgetDataProperty{
			BudgetName: jsii.String(n.plain()), BudgetType: jsii.String("COST"), TimeUnit: jsii.String("MONTHLY"),
			BudgetLimit: &awsbudgets.CfnBudget_SpendProperty{Amount: &limit, Unit: jsii.String("USD")},
			CostFilters: map[string]any{"TagKeyValue": []string{"user:" + costTag + "$" + n.code}},
		},
		NotificationsWithSubscribers: []any{notice("ACTUAL", 80), notice("FORECASTED", 100)},
	})
}
