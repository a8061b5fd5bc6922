package iam_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/protocol"
)

func parse(t *testing.T, text string) []iam.Statement {
	t.Helper()
	var document any
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	statements, err := iam.Parse(document, "here")
	if err != nil {
		t.Fatal(err)
	}
	return statements
}

const policy = `{"Statement": [
 {"Sid": "Read", "Effect": "Allow", "Action": ["dynamodb:Get*", "sqs:sendmessage"], "Resource": "arn:aws:x:*:table/a?c"},
 {"Sid": "Never", "Effect": "Deny", "Action": "*", "Resource": "arn:aws:x:secret:table/abc"},
 {"Sid": "Odd", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": "2020"}}},
 {"Sid": "Strange", "Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:Moon": "full"}}},
 {"Sid": "OddDeny", "Effect": "Deny", "Action": "ses:*", "Resource": "*", "Condition": {"StringEquals": {"aws:Moon": "full"}}},
 {"Sid": "Mail", "Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
]}`

func TestDecisions(t *testing.T) {
	t.Parallel()
	statements := parse(t, policy)
	for _, c := range []struct {
		action, resource string
		allowed          bool
		remark           string
	}{
		{"dynamodb:GetItem", "arn:aws:x:r:table/abc", true, ""},
		{"DynamoDB:getitem", "arn:aws:x:r:table/abc", true, ""},
		{"sqs:SendMessage", "arn:aws:x:r:table/abc", true, ""},
		{"dynamodb:PutItem", "arn:aws:x:r:table/abc", false, ""},
		{"dynamodb:GetItem", "arn:aws:x:r:table/abbc", false, ""},
		{"dynamodb:GetItem", "arn:aws:x:secret:table/abc", false, ""},
		{"kms:Decrypt", "key", false, "the operator DateLessThan"},
		{"kms:Encrypt", "key", false, "the condition key aws:Moon"},
		{"ses:SendEmail", "identity", false, "the condition key aws:Moon"},
	} {
		got := iam.Decide(statements, iam.Request{Action: c.action, Resource: c.resource})
		if got.Allowed != c.allowed || !strings.Contains(got.Remark, c.remark) || c.remark == "" && got.Remark != "" {
			t.Errorf("%s on %s: %+v", c.action, c.resource, got)
		}
	}
}

func TestConditions(t *testing.T) {
	t.Parallel()
	context := iam.Context{"kms:EncryptionContext:opener": {"matching"}, "dynamodb:LeadingKeys": {"a", "b"}, "aws:SecureTransport": {"true"}}
	for condition, want := range map[string]bool{
		`{"StringEquals": {"kms:EncryptionContext:opener": ["x", "matching"]}}`:                 true,
		`{"StringEquals": {"kms:EncryptionContext:opener": "x"}}`:                               false,
		`{"StringEquals": {"kms:EncryptionContext:country": "ES"}}`:                             false,
		`{"StringEqualsIfExists": {"kms:EncryptionContext:country": "ES"}}`:                     true,
		`{"StringNotEquals": {"kms:EncryptionContext:opener": "x"}}`:                            true,
		`{"StringNotEquals": {"kms:EncryptionContext:opener": "matching"}}`:                     false,
		`{"StringLike": {"kms:EncryptionContext:opener": "match*"}}`:                            true,
		`{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a", "b", "c"]}}`:              true,
		`{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a"]}}`:                        false,
		`{"ForAnyValue:StringEquals": {"dynamodb:LeadingKeys": ["a"]}}`:                         true,
		`{"ForAnyValue:StringEquals": {"ses:Recipients": ["a"]}}`:                               false,
		`{"Bool": {"aws:SecureTransport": true}}`:                                               true,
		`{"Bool": {"aws:SecureTransport": "false"}}`:                                            false,
		`{"StringEquals": {"kms:EncryptionContext:opener": "matching", "kms:ViaService": "x"}}`: false,
	} {
		statements := parse(t, `{"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "*", "Condition": `+condition+`}}`)
		if got := iam.Decide(statements, iam.Request{Action: "a:b", Resource: "r", Context: context}); got.Allowed != want {
			t.Errorf("%s: %+v", condition, got)
		}
	}
}

func TestWhatIsNotUnderstoodIsRefused(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		`{"Sid": "S", "Effect": "Allow", "NotAction": "a:b", "Resource": "*"}`, `{"Sid": "S", "Effect": "Maybe"}`,
		`{"Sid": "S", "Effect": "Allow", "Action": {"a": 1}}`,
	} {
		var document any
		if err := json.Unmarshal([]byte(`{"Statement": [`+statement+`]}`), &document); err != nil {
			t.Fatal(err)
		}
		if _, err := iam.Parse(document, "here"); err == nil || !strings.Contains(err.Error(), "here") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

func places() iam.Places {
	return iam.Places{
		Region: "r", Account: "1", MailRegion: "m", Partition: func(string) string { return "id" },
		Key: func(name string, _ []byte) string { return "key/" + name },
	}
}

func TestCallsAsIAMSeesThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		service, action, body string
		want                  []string
	}{
		{"dynamodb", "PutItem", `{"TableName": "t", "Item": {"id": {"S": "k"}}}`, []string{"dynamodb:PutItem on arn:aws:dynamodb:r:1:table/t with dynamodb:LeadingKeys = k"}},
		{"dynamodb", "Query", `{"TableName": "t", "IndexName": "i", "KeyConditionExpression": "#id = :id AND x = :x", "ExpressionAttributeValues": {":id": {"S": "k"}}}`,
			[]string{"dynamodb:Query on arn:aws:dynamodb:r:1:table/t/index/i with dynamodb:LeadingKeys = k"}},
		{"dynamodb", "TransactWriteItems", `{"TransactItems": [{"Put": {"TableName": "t"}}, {"ConditionCheck": {"TableName": "u"}}]}`,
			[]string{"dynamodb:PutItem on arn:aws:dynamodb:r:1:table/t", "dynamodb:ConditionCheckItem on arn:aws:dynamodb:r:1:table/u"}},
		{"dynamodb", "BatchGetItem", `{"RequestItems": {"t": {}}}`, []string{"dynamodb:BatchGetItem on arn:aws:dynamodb:r:1:table/t"}},
		{"sqs", "SendMessageBatch", `{"QueueUrl": "http://x/1/q"}`, []string{"sqs:SendMessage on arn:aws:sqs:r:1:q"}},
		{"kms", "Decrypt", `{"KeyId": "k", "EncryptionContext": {"b": "1", "a": "2"}}`,
			[]string{"kms:Decrypt on key/k with kms:EncryptionContext:a = 2, kms:EncryptionContext:b = 1, kms:EncryptionContextKeys = a,b"}},
		{"ses", "SendEmail", `{"FromEmailAddress": "Immerse <a@b.example>", "ConfigurationSetName": "c"}`,
			[]string{"ses:SendEmail on arn:aws:ses:m:1:identity/b.example with ses:FromAddress = a@b.example",
				"ses:SendEmail on arn:aws:ses:m:1:configuration-set/c with ses:FromAddress = a@b.example"}},
	} {
		var got []string
		for _, r := range places().Requests(protocol.Call{Service: c.service, Action: c.action, Body: []byte(c.body)}) {
			got = append(got, r.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", c.action, diff)
		}
	}
}

func TestRefusalsAreAWSs(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]struct {
		status int
		text   string
	}{
		"dynamodb:PutItem": {400, "AccessDeniedException: User: me is not authorized to perform: dynamodb:PutItem on resource: it because no identity-based policy allows it"},
		"sqs:SendMessage":  {403, "perform: sqs:sendmessage on resource: it"},
		"ses:SendEmail":    {403, "perform: `ses:SendEmail' on resource: `it'"},
	} {
		err := iam.Refusal("me", iam.Request{Action: action, Resource: "it"}, "no identity-based policy allows it")
		var shaped *protocol.Error
		if !errors.As(err, &shaped) || shaped.Status != want.status || !strings.Contains(err.Error(), want.text) {
			t.Errorf("%s: %d %v", action, shaped.Status, err)
		}
	}
}
