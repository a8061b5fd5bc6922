package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/country"
)

// newKey makes the country's one KMS key. It encrypts both tables and, bound to an encryption context, the root keysets
// (package vault). One key instead of two, as each costs a dollar a month and the conditions keep the uses apart
// (docs/decisions/0602).
func newKey(stack awscdk.Stack, n names, pack *country.Pack, roles roles) awskms.Key {
	return awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{
		Alias:             jsii.String("alias/" + n.plain()),
		Description:       jsii.String("Immerse " + pack.Code + ": tables and root keysets"),
		EnableKeyRotation: jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_RETAIN, // without it, nothing that is kept can be read
		Policy: awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &[]awsiam.PolicyStatement{
			administerKey(), useThroughTables(stack), useForRoots(pack, roles),
		}}),
	})
}

// administerKey leaves managing the key to the account's administrators, and reading with it to nobody: who wants that
// must change this policy first, which CloudTrail keeps.
func administerKey() awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("Administer"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewAccountRootPrincipal()},
		Actions: jsii.Strings(
			"kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy", "kms:ListKeyPolicies", "kms:ListGrants", "kms:RevokeGrant",
			"kms:GetKeyRotationStatus", "kms:EnableKeyRotation", "kms:DisableKeyRotation", "kms:RotateKeyOnDemand",
			"kms:ListKeyRotations", "kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias", "kms:UpdateKeyDescription",
			"kms:EnableKey", "kms:DisableKey", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion",
			"kms:TagResource", "kms:UntagResource", "kms:ListResourceTags",
		),
		Resources: jsii.Strings("*"), // in a key's policy: this key
	})
}

// useThroughTables lets DynamoDB use the key for whoever may use the tables, as it does with the key that AWS would
// manage: so no role needs a KMS permission for its tables.
func useThroughTables(stack awscdk.Stack) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("ThroughDynamoDB"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
		Actions: jsii.Strings("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey",
			"kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey", "kms:CreateGrant"),
		Resources: jsii.Strings("*"),
		Conditions: &map[string]any{"StringEquals": map[string]any{
			"kms:CallerAccount": stack.Account(),
			"kms:ViaService":    "dynamodb." + *stack.Region() + ".amazonaws.com",
		}},
	})
}

// keyed are the functions that deal with sealed data.
var keyed = []string{"intake", "matching", "notification", "referral", "percolation"}

// useForRoots lets those functions, and nobody else in the account, use the key for root keysets, as far as each role's own
// policy says. Who isn't named here can't be given it by IAM.
func useForRoots(pack *country.Pack, roles roles) awsiam.PolicyStatement {
	arns := []*string{}
	for _, name := range keyed {
		arns = append(arns, roles[name].RoleArn())
	}
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("RootsByFunctions"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewAccountRootPrincipal()},
		Actions:    jsii.Strings("kms:Encrypt", "kms:Decrypt"),
		Resources:  jsii.Strings("*"),
		Conditions: &map[string]any{
			"ArnEquals":    map[string]any{"aws:PrincipalArn": arns},
			"StringEquals": map[string]any{"kms:EncryptionContext:country": pack.Code},
		},
	})
}
