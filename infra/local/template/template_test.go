package template_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/infra/local/template"
)

const text = `{
 "Parameters": {"Size": {"Type": "Number", "Default": "7"}},
 "Resources": {
  "Queue1": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "immerse-xx-work"}},
  "Table1": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "cases"}},
  "Site1": {"Type": "AWS::CloudFront::Distribution", "Properties": {}},
  "Logs1": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/aws/lambda/f"}},
  "Role1": {"Type": "AWS::IAM::Role", "Properties": {}},
  "Key1": {"Type": "AWS::KMS::Key", "Properties": {}},
  "Alias1": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/xx", "TargetKeyId": {"Fn::GetAtt": ["Key1", "Arn"]}}},
  "Lonely": {"Type": "AWS::KMS::Key", "Properties": {}},
  "F": {"Type": "AWS::Lambda::Function", "Properties": {"Value": VALUE, "Other": {"Fn::Cidr": []}}}
 }
}`

type holder struct{ Value any }

func resolve(t *testing.T, value string) (any, error) {
	t.Helper()
	read, err := template.Parse("Immerse-XX", "eu-south-2", []byte(strings.Replace(text, "VALUE", value, 1)))
	if err != nil {
		t.Fatal(err)
	}
	var into holder
	err = read.Into("F", &into)
	return into.Value, err
}

func TestIntrinsicsStandForWhatIsHere(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]any{
		`"plain"`:                                 "plain",
		`{"a": [1, true, {"Ref": "Table1"}]}`:     map[string]any{"a": []any{1.0, true, "cases"}},
		`{"Ref": "Queue1"}`:                       "${queue:immerse-xx-work}",
		`{"Ref": "Size"}`:                         "7",
		`{"Ref": "Role1"}`:                        "Immerse-XX-Role1",
		`{"Ref": "AWS::Region"}`:                  "eu-south-2",
		`{"Fn::GetAtt": ["Queue1", "Arn"]}`:       "arn:aws:sqs:eu-south-2:000000000000:immerse-xx-work",
		`{"Fn::GetAtt": "Table1.Arn"}`:            "arn:aws:dynamodb:eu-south-2:000000000000:table/cases",
		`{"Fn::GetAtt": ["Logs1", "Arn"]}`:        "arn:aws:logs:eu-south-2:000000000000:log-group:/aws/lambda/f:*",
		`{"Fn::GetAtt": ["Role1", "Arn"]}`:        "arn:aws:iam::000000000000:role/Immerse-XX-Role1",
		`{"Fn::GetAtt": ["Queue1", "QueueName"]}`: "immerse-xx-work",
		`{"Fn::Join": ["", ["https://", {"Fn::GetAtt": ["Site1", "DomainName"]}]]}`:                                     "https://${site}",
		`{"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, {"Ref": "AWS::AccountId"}, {"Ref": "AWS::URLSuffix"}]]}`: "arn:aws:000000000000:amazonaws.com",
		`{"Fn::Sub": "${AWS::Region}/${Table1}/${Queue1.Arn}/${!Table1}"}`:                                              "eu-south-2/cases/arn:aws:sqs:eu-south-2:000000000000:immerse-xx-work/${Table1}",
	} {
		got, err := resolve(t, value)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", value, err, diff)
		}
	}
	key, err := resolve(t, `{"Fn::GetAtt": ["Key1", "Arn"]}`)
	if name, _ := key.(string); err != nil || !strings.HasPrefix(name, "arn:aws:kms:eu-south-2:000000000000:key/") {
		t.Errorf("the key is %v, %v", key, err)
	}
}

func TestWhatIsNotUnderstoodIsNamedWithItsPlace(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`{"a": [{"Fn::If": ["x", 1, 2]}]}`:        "Immerse-XX.F.Value.a[0]: the laptop doesn't understand Fn::If",
		`{"Ref": "Nobody"}`:                       "there is nothing called Nobody",
		`{"Fn::GetAtt": ["Nobody", "Arn"]}`:       "there is nothing called Nobody",
		`{"Fn::GetAtt": ["Table1", "StreamArn"]}`: "the attribute StreamArn of a AWS::DynamoDB::Table",
		`{"Fn::GetAtt": ["Lonely", "Arn"]}`:       "the key Lonely has no alias",
		`{"Fn::GetAtt": ["Table1"]}`:              "Fn::GetAtt of [Table1]",
		`{"Fn::Join": ["", [1]]}`:                 "1, which is no text",
		`{"Fn::Join": ["", "x"]}`:                 "Fn::Join of",
		`{"Fn::Sub": ["${a}", {"a": "b"}]}`:       "Fn::Sub with variables of its own",
		`{"Fn::Sub": "${Nobody}"}`:                "there is nothing called Nobody",
	} {
		if _, err := resolve(t, value); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", value, err, want)
		}
	}
	for _, wrong := range []string{"", "{}", `{"Resources": {}}`} {
		if _, err := template.Parse("Immerse-XX", "r", []byte(wrong)); err == nil || !strings.Contains(err.Error(), "Immerse-XX") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
