package audit

import (
	"fmt"
	"strings"

	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/template"
)

// Services names what AWS's own services may not do among each other although the templates join them: nothing on a
// laptop plays SES's events, so that only reading can tell.
func Services(stacks laptop.Stacks) ([]string, error) {
	var found []string
	for _, t := range []*template.Template{stacks.Main, stacks.Mail} {
		for _, check := range []func(*template.Template) ([]string, error){trusts, targets, administered} {
			wrong, err := check(t)
			if err != nil {
				return nil, err
			}
			found = append(found, wrong...)
		}
	}
	return found, nil
}

// trusts: Lambda must be able to take the role of each function.
func trusts(t *template.Template) ([]string, error) {
	var found []string
	for _, id := range t.Of("AWS::Lambda::Function") {
		var f struct{ Role string }
		if err := t.Into(id, &f); err != nil {
			return nil, err
		}
		wrong, err := taken(t, f.Role, "lambda.amazonaws.com")
		if err != nil {
			return nil, err
		}
		found = append(found, wrong...)
	}
	return found, nil
}

// taken tells whether a service may take a role.
func taken(t *template.Template, role, service string) ([]string, error) {
	for _, id := range t.Of("AWS::IAM::Role") {
		if arn, err := t.ARN(id); err != nil || arn != role {
			continue
		}
		document, err := t.Value(id, "AssumeRolePolicyDocument")
		if err != nil {
			return nil, err
		}
		members, _ := document.(map[string]any)
		statements, _ := members["Statement"].([]any)
		for _, one := range statements {
			if statement, ok := one.(map[string]any); ok {
				statement["Resource"] = "*" // a trust policy is about its role
			}
		}
		return mayNot(document, id, service, iam.Request{Action: "sts:AssumeRole", Resource: role})
	}
	return []string{"there is no role " + role}, nil
}

// mayNot says so if a policy doesn't let a service do something.
func mayNot(document any, id, service string, r iam.Request) ([]string, error) {
	statements, err := iam.Parse(document, id)
	if err != nil {
		return nil, err
	}
	var named []iam.Statement
	for _, s := range statements {
		if s.Names("Service", service) {
			named = append(named, s)
		}
	}
	if iam.Decide(named, r).Allowed {
		return nil, nil
	}
	return []string{fmt.Sprintf("%s needs %s: %s has no statement that allows it", service, r, id)}, nil
}

// started tells whether a rule may start a function: a permission of the function's own says so, for that rule.
func started(t *template.Template, function, rule string) ([]string, error) {
	for _, id := range t.Of("AWS::Lambda::Permission") {
		var p struct{ Action, FunctionName, Principal, SourceArn string }
		if err := t.Into(id, &p); err != nil {
			return nil, err
		}
		if p.Action == "lambda:InvokeFunction" && p.FunctionName == function && p.Principal == "events.amazonaws.com" && p.SourceArn == rule {
			return nil, nil
		}
	}
	return []string{"events.amazonaws.com needs lambda:InvokeFunction on " + function + " for " + rule}, nil
}

// targets: what a rule of EventBridge passes on must be taken.
func targets(t *template.Template) ([]string, error) {
	var found []string
	for _, id := range t.Of("AWS::Events::Rule") {
		var rule struct {
			Targets []struct {
				Arn, RoleArn     string
				DeadLetterConfig struct{ Arn string }
			}
		}
		if err := t.Into(id, &rule); err != nil {
			return nil, err
		}
		arn, err := t.ARN(id)
		if err != nil {
			return nil, err
		}
		for _, target := range rule.Targets {
			check := func() ([]string, error) { return accepted(t, target.Arn, arn) }
			if strings.Contains(target.Arn, ":lambda:") {
				check = func() ([]string, error) { return started(t, target.Arn, arn) }
			}
			if target.RoleArn != "" {
				check = func() ([]string, error) { return passed(t, target.RoleArn, target.Arn) }
			}
			wrong, err := check()
			if err == nil && target.DeadLetterConfig.Arn != "" {
				var dead []string
				dead, err = accepted(t, target.DeadLetterConfig.Arn, arn)
				wrong = append(wrong, dead...)
			}
			if err != nil {
				return nil, err
			}
			found = append(found, wrong...)
		}
	}
	return found, nil
}

// accepted: the policy of a queue must take what a rule sends.
func accepted(t *template.Template, queue, rule string) ([]string, error) {
	r := iam.Request{Action: "sqs:SendMessage", Resource: queue, Context: iam.Context{"aws:SourceArn": {rule}}}
	found := []string{"events.amazonaws.com needs " + r.String() + ": the queue has no policy"}
	for _, id := range t.Of("AWS::SQS::QueuePolicy") {
		document, err := t.Value(id, "PolicyDocument")
		if err != nil {
			return nil, err
		}
		wrong, err := mayNot(document, id, "events.amazonaws.com", r)
		if err != nil || wrong == nil {
			return nil, err
		}
	}
	return found, nil
}

// passed: a rule's role must be allowed to put events on another bus, and EventBridge to take the role.
func passed(t *template.Template, role, bus string) ([]string, error) {
	found, err := taken(t, role, "events.amazonaws.com")
	if err != nil {
		return nil, err
	}
	read, err := laptop.ReadRole(t, role)
	if err != nil {
		return nil, err
	}
	r := iam.Request{Action: "events:PutEvents", Resource: bus}
	if !iam.Decide(read.Statements, r).Allowed {
		found = append(found, "role "+read.Name+" needs "+r.String())
	}
	return found, nil
}

// administered: a key whose policy nobody may change any more is lost.
func administered(t *template.Template) ([]string, error) {
	var found []string
	for _, id := range t.Of("AWS::KMS::Key") {
		document, err := t.Value(id, "KeyPolicy")
		if err != nil {
			return nil, err
		}
		statements, err := iam.Parse(document, id)
		if err != nil {
			return nil, err
		}
		if !iam.Decide(statements, iam.Request{Action: "kms:PutKeyPolicy", Resource: "*"}).Allowed {
			found = append(found, "nobody may administer the key "+id+": statement Administer with kms:PutKeyPolicy is missing")
		}
	}
	return found, nil
}
