package audit_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/miict/immerse/infra/local/audit"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/template"
	"github.com/miict/immerse/shared/country"
)

func services(t *testing.T, code string, change func(laptop.Stacks)) []string {
	t.Helper()
	stacks, err := laptop.Templates(code)
	if err != nil {
		t.Fatal(err)
	}
	change(stacks)
	found, err := audit.Services(stacks)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestServicesMayDoWhatTheTemplatesJoin(t *testing.T) {
	t.Parallel()
	for _, code := range country.Codes() {
		if found := services(t, code, func(laptop.Stacks) {}); len(found) > 0 {
			t.Errorf("%s: %q", code, found)
		}
	}
	if found := services(t, "es", func(s laptop.Stacks) { elsewhere(t, s) }); len(found) > 0 {
		t.Errorf("with mail from elsewhere: %q", found)
	}
}

// elsewhere adds what passes SES's events on where SES is in another region than the rest (infra/mail.go: send).
func elsewhere(t *testing.T, s laptop.Stacks) {
	t.Helper()
	err := json.Unmarshal([]byte(`{
		"PassRole": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
			{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}]}}},
		"PassPolicy": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "PassRole"}], "PolicyName": "Pass",
			"PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Sid": "Pass", "Action": "events:PutEvents", "Effect": "Allow",
				"Resource": "arn:aws:events:eu-south-2:000000000000:event-bus/immerse-es-mail"}]}}},
		"Pass": {"Type": "AWS::Events::Rule", "Properties": {"Name": "immerse-es-mail", "EventPattern": {"source": ["aws.ses"]},
			"Targets": [{"Id": "country", "Arn": "arn:aws:events:eu-south-2:000000000000:event-bus/immerse-es-mail",
				"RoleArn": {"Fn::GetAtt": ["PassRole", "Arn"]}}]}}}`), &s.Mail.Resources)
	if err != nil {
		t.Fatal(err)
	}
}

// without takes all statements with an action out of the documents of a property of all resources of a type.
func without(stack *template.Template, kind, property, action string) {
	for _, id := range stack.Of(kind) {
		document := stack.Resources[id].Properties[property].(map[string]any)
		document["Statement"] = slices.DeleteFunc(document["Statement"].([]any), func(statement any) bool {
			text, _ := statement.(map[string]any)["Action"].(string)
			many, _ := statement.(map[string]any)["Action"].([]any)
			return text == action || slices.Contains(many, any(action))
		})
	}
}

func TestWhatServicesLackIsNamed(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(laptop.Stacks){
		"events.amazonaws.com needs sqs:SendMessage on arn:aws:sqs:eu-south-2:000000000000:immerse-es-feedback": func(s laptop.Stacks) {
			without(s.Main, "AWS::SQS::QueuePolicy", "PolicyDocument", "sqs:SendMessage")
		},
		"lambda.amazonaws.com needs sts:AssumeRole": func(s laptop.Stacks) {
			without(s.Main, "AWS::IAM::Role", "AssumeRolePolicyDocument", "sts:AssumeRole")
		},
		"events.amazonaws.com needs sts:AssumeRole": func(s laptop.Stacks) {
			elsewhere(t, s)
			without(s.Mail, "AWS::IAM::Role", "AssumeRolePolicyDocument", "sts:AssumeRole")
		},
		"needs events:PutEvents on arn:aws:events:eu-south-2:000000000000:event-bus/immerse-es-mail": func(s laptop.Stacks) {
			elsewhere(t, s)
			without(s.Mail, "AWS::IAM::Policy", "PolicyDocument", "events:PutEvents")
		},
		"events.amazonaws.com needs lambda:InvokeFunction on arn:aws:lambda:eu-south-2:000000000000:function:immerse-es-followup": func(s laptop.Stacks) {
			delete(s.Main.Resources, "FollowupMayBeStarted")
		},
		"nobody may administer the key": func(s laptop.Stacks) {
			without(s.Main, "AWS::KMS::Key", "KeyPolicy", "kms:PutKeyPolicy")
		},
	} {
		if found := strings.Join(services(t, "es", change), "\n"); !strings.Contains(found, want) {
			t.Errorf("want %q, got %q", want, found)
		}
	}
}
