package laptop

import (
	"net/http"
	"strings"

	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/protocol"
	"github.com/miict/immerse/infra/local/sqs"
)

// Decide tells whether the template's policies let a function do something, and if not, which kind of policy doesn't.
// The use of a KMS key needs the key's policy as well: a statement of it that names the caller is enough by itself, one
// that names the account leaves it to the caller's role.
func (d Definition) Decide(function string, r iam.Request) (allowed bool, why string) {
	role := d.role(function)
	if role == nil {
		return true, ""
	}
	mine := iam.Decide(role.Statements, r)
	allowed, why = mine.Allowed, "no identity-based policy allows the "+r.Action+" action"
	if key, ok := d.keyOf(r.Resource); ok && key.Policy != nil {
		direct, byAccount := key.decide(role.ARN, r)
		switch {
		case direct.Denied || byAccount.Denied:
			allowed = false
		case direct.Allowed:
			allowed = !mine.Denied
		case !byAccount.Allowed:
			allowed, why = false, "no resource-based policy allows the "+r.Action+" action"
		}
		mine.Remark = strings.Trim(mine.Remark+"; "+direct.Remark+byAccount.Remark, "; ")
	}
	if mine.Denied {
		why = "of an explicit deny in an identity-based policy"
	}
	if mine.Remark != "" {
		why += " (" + mine.Remark + ")"
	}
	return allowed, why
}

func (d Definition) role(function string) *Role {
	for _, f := range d.Functions {
		if f.Name == function {
			return f.Role
		}
	}
	return nil
}

func (d Definition) keyOf(arn string) (Key, bool) {
	for _, key := range d.Keys {
		if key.ARN(d.Region) == arn {
			return key, true
		}
	}
	return Key{}, false
}

// decide asks the key's own policy.
func (k Key) decide(role string, r iam.Request) (direct, byAccount iam.Decision) {
	asked := iam.Request{Action: r.Action, Resource: r.Resource, Context: principalContext(role)}
	for key, values := range r.Context {
		asked.Context[key] = values
	}
	var names, account []iam.Statement
	for _, s := range k.Policy {
		switch {
		case s.Names("AWS", "*"), s.Names("AWS", role):
			names = append(names, s)
		case s.Names("AWS", "arn:aws:iam::"+sqs.Account+":root"):
			account = append(account, s)
		}
	}
	return iam.Decide(names, asked), iam.Decide(account, asked)
}

// PrincipalContext is what the policy of a resource sees of a function that uses it.
func (d Definition) PrincipalContext(function string) iam.Context {
	role := d.role(function)
	if role == nil {
		return iam.Context{}
	}
	return principalContext(role.ARN)
}

func principalContext(role string) iam.Context {
	return iam.Context{"aws:PrincipalArn": {role}, "aws:PrincipalAccount": {sqs.Account}, "kms:CallerAccount": {sqs.Account}}
}

// permit checks what a function asks of AWS, and writes it down.
func (s *System) permit(call protocol.Call) error {
	if call.Caller == "" || s.options.Definition.role(call.Caller) == nil {
		return nil
	}
	for _, r := range s.places.Requests(call) {
		if err := s.allow(call.Caller, r); err != nil {
			return err
		}
		if call.Service == "dynamodb" {
			if err := s.allowTableKey(call.Caller, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayList tells whether who makes a request to S3 may list a bucket: whether an object isn't there is only told to them.
// Asking is no use of the permission.
func (s *System) mayList(r *http.Request, bucket string) bool {
	call, _ := protocol.Describe(r, nil)
	function := s.callers[call.AccessKey]
	allowed, _ := s.options.Definition.Decide(function, iam.Request{Action: "s3:ListBucket", Resource: "arn:aws:s3:::" + bucket})
	return allowed
}

// allow checks one request of a function, or of a service in its name.
func (s *System) allow(function string, r iam.Request) error {
	role := s.options.Definition.role(function)
	if role == nil {
		return nil
	}
	s.ledger.Add(iam.Use{Who: function, Request: r})
	allowed, why := s.options.Definition.Decide(function, r)
	if allowed {
		return nil
	}
	who := "arn:aws:sts::" + sqs.Account + ":assumed-role/" + role.Name + "/" + s.deployed(function)
	refusal := iam.Refusal(who, r, why)
	s.log.Error("a policy doesn't allow it", "function", function, "refusal", refusal.Message)
	return refusal
}

// forTable is what DynamoDB does with a table's key in the name of whoever uses the table: AWS's own list.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
var forTable = []string{
	"Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext",
	"DescribeKey", "CreateGrant",
}

// allowTableKey checks the use of the key that a table is encrypted with.
func (s *System) allowTableKey(function string, table iam.Request) error {
	for _, t := range s.options.Definition.Tables {
		if t.KeyARN == "" || !strings.HasSuffix(table.Resource, ":table/"+t.Name) {
			continue
		}
		done := function + " " + t.Name
		if _, known := s.tableKeys.Load(done); known {
			return nil
		}
		for _, action := range forTable {
			via := iam.Context{"kms:ViaService": {"dynamodb." + s.options.Definition.Region + ".amazonaws.com"}}
			if err := s.allow(function, iam.Request{Action: "kms:" + action, Resource: t.KeyARN, Context: via}); err != nil {
				return err
			}
		}
		s.tableKeys.Store(done, true)
	}
	return nil
}

// Uses are all that functions asked of AWS so far, and services for them, each once.
func (s *System) Uses() []iam.Use { return s.ledger.Uses() }
