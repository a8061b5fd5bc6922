package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"
)

// How far back a table can be restored, in days. The sealed applications: as far as AWS offers. The people's keys: a
// day less than a week, so that an erasure has reached the backups within seven days of being asked for (decision 0002),
// and a mistake made on a Friday can still be undone on Monday.
const (
	applicationsRecovery = 35
	keysRecovery         = 6
)

// tables of one country; see the packages store, places and shelf for what is in them.
type tables struct{ applications, keys, places, figures awsdynamodb.Table }

func newTables(stack awscdk.Stack, n names, key awskms.IKey) tables {
	table := func(id, name, partition, sort string, recovery float64) awsdynamodb.Table {
		props := &awsdynamodb.TableProps{
			TableName:           jsii.String(n.of(name)),
			PartitionKey:        text(partition),
			TimeToLiveAttribute: jsii.String("expires"),
			BillingMode:         awsdynamodb.BillingMode_PAY_PER_REQUEST, // nothing to pay while nobody asks
			Encryption:          awsdynamodb.TableEncryption_CUSTOMER_MANAGED,
			EncryptionKey:       key,
			PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
				PointInTimeRecoveryEnabled: jsii.Bool(true), RecoveryPeriodInDays: &recovery,
			},
			// Personal data goes by erasure and retention, never because somebody deletes a stack.
			DeletionProtection: jsii.Bool(true),
			RemovalPolicy:      awscdk.RemovalPolicy_RETAIN,
		}
		if sort != "" {
			props.SortKey = text(sort)
		}
		return awsdynamodb.NewTable(stack, &id, props)
	}
	return tables{
		applications: table("Applications", "applications", "reference", "item", applicationsRecovery),
		keys:         table("Keys", "keys", "id", "", keysRecovery),
		places:       table("Places", "places", "service", "", applicationsRecovery),
		figures:      table("FigureReleases", "figures", "country", "period", applicationsRecovery),
	}
}

func text(name string) *awsdynamodb.Attribute {
	return &awsdynamodb.Attribute{Name: &name, Type: awsdynamodb.AttributeType_STRING}
}
