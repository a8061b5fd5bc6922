package laptop

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/template"
)

// Read makes a definition of a country's templates.
func Read(code string, stacks Stacks) (Definition, error) {
	t := stacks.Main
	d := Definition{Country: code, Region: t.Region}
	for _, step := range []func(*template.Template, *Definition) error{
		readKeys, readTables, readQueues, readBuckets, readFunctions, readMappings, readRoutes, readSchedules,
	} {
		if err := step(t, &d); err != nil {
			return Definition{}, err
		}
	}
	if err := readFeedback(t, &d); err != nil {
		return Definition{}, err
	}
	return d, readMail(stacks.Mail, &d)
}

// readFeedback finds the queue that a rule for SES's events leads to. A rule that changes them would have to be done here, too.
func readFeedback(t *template.Template, d *Definition) error {
	for _, id := range t.Of("AWS::Events::Rule") {
		var rule struct {
			EventBusName string
			EventPattern struct{ Source []string }
			Targets      []struct{ Arn, InputPath string }
		}
		if err := t.Into(id, &rule); err != nil {
			return err
		}
		if !slices.Contains(rule.EventPattern.Source, "aws.ses") {
			continue
		}
		if len(rule.Targets) != 1 || rule.Targets[0].InputPath != "$.detail" {
			return fmt.Errorf("%s: the laptop puts SES's event itself into one queue", id)
		}
		d.Mail.Feedback, d.Mail.ByBus = last(rule.Targets[0].Arn), rule.EventBusName != ""
	}
	return nil
}

func readKeys(t *template.Template, d *Definition) error {
	for _, id := range t.Of("AWS::KMS::Alias") {
		var alias struct{ AliasName, TargetKeyId string } //nolint:revive // CloudFormation's spelling
		if err := t.Into(id, &alias); err != nil {
			return err
		}
		key := Key{Alias: alias.AliasName}
		for _, keyID := range t.Of("AWS::KMS::Key") {
			arn, err := t.ARN(keyID)
			if err != nil {
				return err
			}
			if arn != alias.TargetKeyId {
				continue
			}
			if key.Policy, err = statements(t, keyID, "KeyPolicy"); err != nil {
				return err
			}
		}
		d.Keys = append(d.Keys, key)
	}
	return nil
}

// statements reads a policy document.
func statements(t *template.Template, id, property string) ([]iam.Statement, error) {
	document, err := t.Value(id, property)
	if err != nil {
		return nil, err
	}
	return iam.Parse(document, t.Stack+"."+id)
}

func readTables(t *template.Template, d *Definition) error {
	type attribute struct{ AttributeName, KeyType string }
	for _, id := range t.Of("AWS::DynamoDB::Table") {
		var table struct {
			TableName              string
			KeySchema              []attribute
			AttributeDefinitions   []struct{ AttributeName, AttributeType string }
			GlobalSecondaryIndexes []struct {
				IndexName string
				KeySchema []attribute
			}
			TimeToLiveSpecification struct{ AttributeName string }
			SSESpecification        struct{ KMSMasterKeyId string } //nolint:revive // CloudFormation's spelling
		}
		if err := t.Into(id, &table); err != nil {
			return err
		}
		for _, a := range table.AttributeDefinitions {
			if a.AttributeType != "S" {
				return fmt.Errorf("%s: the laptop's tables have keys of texts only, not %s of type %s", id, a.AttributeName, a.AttributeType)
			}
		}
		schema := func(attributes []attribute) (k KeySchema) {
			for _, a := range attributes {
				if a.KeyType == "HASH" {
					k.Partition = a.AttributeName
				} else {
					k.Sort = a.AttributeName
				}
			}
			return k
		}
		made := Table{
			Name: table.TableName, Key: schema(table.KeySchema), Indexes: map[string]KeySchema{},
			TTL: table.TimeToLiveSpecification.AttributeName, KeyARN: table.SSESpecification.KMSMasterKeyId,
		}
		for _, index := range table.GlobalSecondaryIndexes {
			made.Indexes[index.IndexName] = schema(index.KeySchema)
		}
		d.Tables = append(d.Tables, made)
	}
	return nil
}

func readQueues(t *template.Template, d *Definition) error {
	for _, id := range t.Of("AWS::SQS::Queue") {
		var queue struct {
			QueueName                                               string
			VisibilityTimeout, MessageRetentionPeriod, DelaySeconds int
			RedrivePolicy                                           struct {
				DeadLetterTargetArn string
				MaxReceiveCount     int
			}
		}
		if err := t.Into(id, &queue); err != nil {
			return err
		}
		d.Queues = append(d.Queues, Queue{
			Name: queue.QueueName, Visibility: seconds(cmp.Or(queue.VisibilityTimeout, 30)),
			Retention: seconds(queue.MessageRetentionPeriod), Delay: seconds(queue.DelaySeconds),
			DeadLetterQueue: last(queue.RedrivePolicy.DeadLetterTargetArn), MaxReceiveCount: queue.RedrivePolicy.MaxReceiveCount,
		})
	}
	slices.SortStableFunc(d.Queues, func(a, b Queue) int { return cmp.Compare(a.MaxReceiveCount, b.MaxReceiveCount) })
	return nil
}

// readBuckets reads the buckets that have a name: functions are told it. Those of the site are the content network's.
func readBuckets(t *template.Template, d *Definition) error {
	for _, id := range t.Of("AWS::S3::Bucket") {
		if t.Resources[id].Properties["BucketName"] == nil {
			continue
		}
		name, err := t.Name(id)
		if err != nil {
			return err
		}
		d.Buckets = append(d.Buckets, name)
	}
	return nil
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

// last is the name at the end of an ARN.
func last(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }

func readMail(t *template.Template, d *Definition) error {
	d.Mail.Region = t.Region
	for kind, names := range map[string]*[]string{
		"AWS::SES::EmailIdentity": &d.Mail.Identities, "AWS::SES::ConfigurationSet": &d.Mail.ConfigurationSets,
	} {
		for _, id := range t.Of(kind) {
			name, err := t.Name(id)
			if err != nil {
				return err
			}
			*names = append(*names, name)
		}
	}
	return nil
}
