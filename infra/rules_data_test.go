package main

import (
	"slices"
	"strings"
)

func checkTables(t reporter, made template) {
	tables := made.of("AWS::DynamoDB::Table")
	if len(tables) != 4 {
		t.wrong("%d tables", len(tables))
	}
	for id, table := range tables {
		recovery := number(table.at("PointInTimeRecoverySpecification.RecoveryPeriodInDays"))
		key := target(table.at("SSESpecification.KMSMasterKeyId"))
		switch {
		case table.at("BillingMode") != "PAY_PER_REQUEST":
			t.wrong("%s costs while nobody asks", id)
		case table.at("SSESpecification.SSEEnabled") != true || made.Resources[key] == nil:
			t.wrong("%s is not encrypted with our key", id)
		case table.at("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled") != true:
			t.wrong("%s can't be restored", id)
		case table.at("DeletionProtectionEnabled") != true || table.DeletionPolicy != "Retain":
			t.wrong("%s can be deleted", id)
		case table.at("TimeToLiveSpecification.AttributeName") != "expires" || table.at("TimeToLiveSpecification.Enabled") != true:
			t.wrong("%s keeps items for ever", id)
		case strings.HasSuffix(table.at("TableName").(string), "-keys") && (recovery < 1 || recovery > 7):
			t.wrong("%s: an erasure reaches its backups after %v days only", id, recovery)
		}
	}
	for id, key := range made.of("AWS::KMS::Key") {
		if key.at("EnableKeyRotation") != true || key.DeletionPolicy != "Retain" {
			t.wrong("%s is not rotated, or goes with the stack", id)
		}
	}
}

func checkLogs(t reporter, made template) {
	for id, group := range made.of("AWS::Logs::LogGroup") {
		if days := number(group.at("RetentionInDays")); days < 1 || days > 30 {
			t.wrong("%s is kept for %v days", id, group.at("RetentionInDays"))
		}
	}
}

func checkBuckets(t reporter, made template) {
	for id, bucket := range made.of("AWS::S3::Bucket") {
		for _, way := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
			if bucket.at("PublicAccessBlockConfiguration."+way) != true {
				t.wrong("%s: %s is off", id, way)
			}
		}
		if bucket.at("BucketEncryption") == nil || !refusesPlainHTTP(made, "AWS::S3::BucketPolicy", "Bucket", id) {
			t.wrong("%s is not encrypted at rest and on the way", id)
		}
	}
}

// X-Ray's actions know no resources.
var withoutResource = []any{"xray:PutTraceSegments", "xray:PutTelemetryRecords"}

func checkPolicies(t reporter, made template) {
	for id, r := range made.Resources {
		document := r.at("PolicyDocument")
		if r.Type == "AWS::KMS::Key" {
			document = r.at("KeyPolicy")
		}
		for _, statement := range list(at(document, "Statement")) {
			if at(statement, "Effect") == "Deny" {
				continue
			}
			actions, name := list(at(statement, "Action")), at(statement, "Sid")
			for _, action := range actions {
				if text, ok := action.(string); !ok || strings.Contains(text, "*") {
					t.wrong("%s: statement %v allows %v", id, name, action)
				}
			}
			inKeyPolicy := r.Type == "AWS::KMS::Key" // where "*" is the key itself
			narrowest := !slices.ContainsFunc(actions, func(a any) bool { return !slices.Contains(withoutResource, a) })
			if slices.Contains(list(at(statement, "Resource")), any("*")) && !inKeyPolicy && !narrowest {
				t.wrong("%s: statement %v allows %v on everything", id, name, actions)
			}
			if at(statement, "Principal.AWS") == "*" && at(statement, "Condition") == nil {
				t.wrong("%s: statement %v is for everyone", id, name)
			}
		}
	}
}

// needed are the statements that each function's policy must have, by Sid. What is in them is checked by running the
// functions under them (package laptop).
var needed = map[string][]string{
	"Feedback":     {"Applications", "Elsewhere", "Logs", "Traces", "Work"},
	"Figures":      {"Figures", "Logs", "Traces"},
	"Followup":     {"Applications", "Aside", "Catalogue", "Due", "Figures", "Freed", "Keys", "Logs", "Traces"},
	"Hsds":         {"Catalogue", "Logs", "Traces"},
	"Intake":       {"Applications", "Catalogue", "Keys", "Logs", "Roots", "Submitted", "Traces", "Wished"},
	"Matching":     {"Applications", "Catalogue", "Keys", "Logs", "Matched", "Roots", "Traces", "Work"},
	"Notification": {"Applications", "Catalogue", "Keys", "Logs", "Mail", "Places", "Reopened", "Roots", "Traces", "Work"},
	"Percolation":  {"Applications", "Catalogue", "Keys", "Logs", "Matched", "Places", "Roots", "Traces", "Work"},
	"Referral":     {"Applications", "Catalogue", "Decided", "Keys", "Links", "Logs", "Roots", "Traces"},
}

func checkRoles(t reporter, made template) {
	policies := made.of("AWS::IAM::Policy")
	for id, role := range made.of("AWS::IAM::Role") {
		if role.at("ManagedPolicyArns") != nil || role.at("Policies") != nil {
			t.wrong("%s has policies besides its own", id)
		}
		var sids []string
		for _, policy := range policies {
			for _, holder := range list(policy.at("Roles")) {
				if target(holder) != id {
					continue
				}
				for _, statement := range list(policy.at("PolicyDocument.Statement")) {
					sid, _ := at(statement, "Sid").(string)
					sids = append(sids, sid)
				}
			}
		}
		for function, want := range needed {
			if !strings.HasPrefix(id, function+"Role") {
				continue
			}
			for _, sid := range want {
				if !slices.Contains(sids, sid) {
					t.wrong("the policy of %s lacks the statement %s", function, sid)
				}
			}
			for _, sid := range sids {
				if !slices.Contains(want, sid) {
					t.wrong("the policy of %s has a statement %q that nobody asked for", function, sid)
				}
			}
		}
	}
}
