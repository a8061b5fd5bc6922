package template

import (
	"fmt"
	"strings"

	"github.com/miict/immerse/infra/local/kms"
)

// Addresses that are known only when the system runs are left as ${queue:NAME} and ${site}.
const (
	// Site is where the domain of a CloudFront distribution is left open.
	Site = "${site}"
	// QueueURL, with a name and a brace behind it, is where a queue's address is left open.
	QueueURL = "${queue:"
)

var pseudo = map[string]string{
	"AWS::AccountId": Account, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com", "AWS::NoValue": "",
}

// nameProperty is where a type of resource has its name. Ref gives that name, unless ref says otherwise.
var nameProperty = map[string]string{
	"AWS::DynamoDB::Table": "TableName", "AWS::SQS::Queue": "QueueName", "AWS::Lambda::Function": "FunctionName",
	"AWS::Logs::LogGroup": "LogGroupName", "AWS::Events::EventBus": "Name", "AWS::Events::Rule": "Name",
	"AWS::SNS::Topic": "TopicName", "AWS::KMS::Alias": "AliasName", "AWS::IAM::Role": "RoleName",
	"AWS::S3::Bucket": "BucketName", "AWS::SES::ConfigurationSet": "Name", "AWS::SES::EmailIdentity": "EmailIdentity",
	"AWS::Scheduler::Schedule": "Name",
}

// arn is how Amazon writes the name of a type: service, then what comes before and after the name. Where AWS leaves
// region or account out, so does this.
var arn = map[string]string{
	"AWS::DynamoDB::Table": "dynamodb:REGION:ACCOUNT:table/NAME", "AWS::SQS::Queue": "sqs:REGION:ACCOUNT:NAME",
	"AWS::Lambda::Function": "lambda:REGION:ACCOUNT:function:NAME", "AWS::Logs::LogGroup": "logs:REGION:ACCOUNT:log-group:NAME:*",
	"AWS::Events::EventBus": "events:REGION:ACCOUNT:event-bus/NAME", "AWS::SNS::Topic": "sns:REGION:ACCOUNT:NAME",
	"AWS::Events::Rule": "events:REGION:ACCOUNT:rule/NAME",
	"AWS::IAM::Role":    "iam::ACCOUNT:role/NAME", "AWS::S3::Bucket": "s3:::NAME",
	"AWS::CloudFront::Distribution": "cloudfront::ACCOUNT:distribution/NAME",
}

// Name is the name that a resource has in AWS, or one made from its logical id, as CloudFormation does.
func (t *Template) Name(id string) (string, error) {
	resource := t.Resources[id]
	if resource == nil {
		return "", fmt.Errorf("%s has no resource %s", t.Stack, id)
	}
	value, err := t.resolve(resource.Properties[nameProperty[resource.Type]], t.Stack+"."+id)
	if name, ok := value.(string); ok && name != "" {
		return name, err
	}
	return t.Stack + "-" + id, err
}

// ARN is the Amazon resource name of a resource.
func (t *Template) ARN(id string) (string, error) {
	name, err := t.Name(id)
	if err != nil {
		return "", err
	}
	switch kind := t.Resources[id].Type; {
	case kind == "AWS::KMS::Key":
		return t.keyARN(id)
	case kind == "AWS::Events::Rule" && t.Resources[id].Properties["EventBusName"] != nil:
		bus, err := t.Value(id, "EventBusName")
		return t.fill("events:REGION:ACCOUNT:rule/NAME", fmt.Sprint(bus)+"/"+name), err
	case arn[kind] == "":
		return "", fmt.Errorf("the laptop doesn't know the ARN of a %s", kind)
	default:
		return t.fill(arn[kind], name), nil
	}
}

func (t *Template) fill(pattern, name string) string {
	return "arn:aws:" + strings.NewReplacer("REGION", t.Region, "ACCOUNT", Account, "NAME", name).Replace(pattern)
}

// keyARN is that of the local key, which follows from its alias.
func (t *Template) keyARN(key string) (string, error) {
	for _, id := range t.Of("AWS::KMS::Alias") {
		target, _, ok := attributeOf(member(t.Resources[id].Properties["TargetKeyId"], "Fn::GetAtt"))
		if ref, isRef := member(t.Resources[id].Properties["TargetKeyId"], "Ref").(string); isRef {
			target, ok = ref, true
		}
		if ok && target == key {
			alias, err := t.Name(id)
			return kms.ARN(t.Region, alias), err
		}
	}
	return "", fmt.Errorf("the key %s has no alias, by which the laptop would know it", key)
}

func member(value any, name string) any {
	members, _ := value.(map[string]any)
	return members[name]
}

func (t *Template) ref(name, where string) (any, error) {
	if value, ok := pseudo[name]; ok {
		return value, nil
	}
	if name == "AWS::Region" {
		return t.Region, nil
	}
	if parameter, ok := t.Parameters[name]; ok && parameter.Default != nil {
		return parameter.Default, nil
	}
	resource := t.Resources[name]
	if resource == nil {
		return nil, fmt.Errorf("%s: there is nothing called %s", where, name)
	}
	physical, err := t.Name(name)
	switch resource.Type {
	case "AWS::SQS::Queue":
		return QueueURL + physical + "}", err
	case "AWS::SNS::Topic":
		return t.ARN(name)
	}
	return physical, err
}

func (t *Template) attribute(name, attribute, where string) (any, error) {
	resource := t.Resources[name]
	if resource == nil {
		return nil, fmt.Errorf("%s: there is nothing called %s", where, name)
	}
	switch {
	case attribute == "Arn":
		value, err := t.ARN(name)
		if err != nil {
			err = fmt.Errorf("%s: %w", where, err)
		}
		return value, err
	case attribute == "QueueName":
		return t.Name(name)
	case attribute == "DomainName" && resource.Type == "AWS::CloudFront::Distribution":
		return Site, nil
	}
	return nil, fmt.Errorf("%s: the laptop doesn't know the attribute %s of a %s", where, attribute, resource.Type)
}
