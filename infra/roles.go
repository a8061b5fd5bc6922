package main

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/country"
)

// roles are the functions' roles by function: one each.
type roles map[string]awsiam.Role

func newRoles(stack awscdk.Stack, n names) roles {
	made := roles{}
	for _, name := range functionNames {
		made[name] = awsiam.NewRole(stack, jsii.String(title(name)+"Role"), &awsiam.RoleProps{
			AssumedBy:   awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
			Description: jsii.String("Immerse: what the function " + n.of(name) + " may do"),
		})
	}
	return made
}

// may says what each function may do: exactly what its code calls. The local system enforces these policies, so that a
// missing permission breaks a test, and so does one that no test uses.
func may(roles roles, tables tables, queues queues, catalogue bucket, key awskms.IKey, pack *country.Pack, n names) {
	applications, keys, places := tables.applications.TableArn(), tables.keys.TableArn(), tables.places.TableArn()
	use := func(name, sid string, resource *string, actions ...string) {
		roles[name].AddToPrincipalPolicy(allow(sid, resource, nil, actions...))
	}
	onQueues := func(name, sid string, actions []string, queues ...queue) {
		statement := allow(sid, queues[0].main.QueueArn(), nil, actions...)
		for _, further := range queues[1:] {
			statement.AddResources(further.main.QueueArn())
		}
		roles[name].AddToPrincipalPolicy(statement)
	}
	root := func(name, sid string, openers []string, actions ...string) {
		context := map[string]any{"kms:EncryptionContext:country": pack.Code, "kms:EncryptionContext:opener": openers}
		roles[name].AddToPrincipalPolicy(allow(sid, key.KeyArn(), map[string]any{"StringEquals": context}, actions...))
	}

	// What a match is made with, and what is said of its services. S3 tells who may not list that an object which isn't
	// there is forbidden: package bucket knows.
	for _, name := range catalogueReaders {
		use(name, "Catalogue", catalogueObjects(catalogue), "s3:GetObject")
	}

	// Takes applications, shows them to their owners, records what these wish, erases them. Makes the root keysets that aren't there at the first
	// start, and can't decrypt any.
	use("intake", "Applications", applications, "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query")
	use("intake", "Keys", keys, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem")
	onQueues("intake", "Submitted", sending, queues.matching, queues.matchingUrgent)
	use("intake", "Wished", queues.notification.main.QueueArn(), "sqs:SendMessage")
	root("intake", "Roots", []string{"matching", "notification", "referral"}, "kms:Encrypt")

	// Reads the profile, writes the result. Its own root keyset may have to be made.
	onQueues("matching", "Work", receiving, queues.matching, queues.matchingUrgent)
	use("matching", "Applications", applications, "dynamodb:Query", "dynamodb:UpdateItem")
	use("matching", "Keys", keys, "dynamodb:GetItem", "dynamodb:PutItem")
	onQueues("matching", "Matched", sending, queues.notification, queues.notificationUrgent)
	root("matching", "Roots", []string{"matching"}, "kms:Encrypt", "kms:Decrypt")

	// Reads profiles and results of who waits, adds to the results, goes on by messages to itself. Opens what matching may
	// open, and makes no keyset. Takes off the list of open applications what is none.
	use("percolation", "Work", queues.percolation.main.QueueArn(), slices.Concat(receiving, []string{"sqs:SendMessage"})...)
	use("percolation", "Applications", applications, "dynamodb:Query", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
	use("percolation", "Keys", keys, "dynamodb:GetItem")
	use("percolation", "Places", places, "dynamodb:GetItem", "dynamodb:PutItem")
	onQueues("percolation", "Matched", sending, queues.notification, queues.notificationUrgent)
	root("percolation", "Roots", []string{"matching"}, "kms:Decrypt")

	// Reads contact and result, holds places and tells percolation of those that are free again, hands mails over, records each. Makes the keys of authorities' links, and
	// releases the keys of contacts. Puts messages back that are too early.
	onQueues("notification", "Work", slices.Concat(receiving, sending), queues.notification, queues.notificationUrgent)
	use("notification", "Applications", applications, "dynamodb:Query", "dynamodb:UpdateItem")
	use("notification", "Keys", keys, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
	use("notification", "Places", places, "dynamodb:GetItem", "dynamodb:PutItem")
	use("notification", "Reopened", queues.percolation.main.QueueArn(), "sqs:SendMessage")
	root("notification", "Roots", []string{"notification", "links"}, "kms:Encrypt", "kms:Decrypt")
	roles["notification"].AddToPrincipalPolicy(sendMail(tables.keys.Stack(), pack, n))

	// Goes through what is due, ends what nobody answered, erases what is no longer kept, has those looked for who wait for
	// places that are over. It can open nothing.
	use("followup", "Applications", applications, "dynamodb:Query", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
	use("followup", "Keys", keys, "dynamodb:DeleteItem")
	onQueues("followup", "Due", sending, queues.notification, queues.notificationUrgent)
	use("followup", "Freed", queues.percolation.main.QueueArn(), "sqs:SendMessage")

	// Looks how many messages were put aside, and can't read any.
	aside := allow("Aside", (*queues.deadLetters(awssqs.Queue.QueueArn))[0], nil, "sqs:GetQueueAttributes")
	for _, dead := range (*queues.deadLetters(awssqs.Queue.QueueArn))[1:] {
		aside.AddResources(dead)
	}
	roles["followup"].AddToPrincipalPolicy(aside)

	// Publishes the figures of a quarter, and shows them: who shows them can read nothing else.
	use("followup", "Figures", tables.figures.TableArn(), "dynamodb:Query", "dynamodb:UpdateItem")
	use("figures", "Figures", tables.figures.TableArn(), "dynamodb:Query")

	// Reads what became of mails, by itself, writes it into the ledger, and has others asked where a mail came back. It can
	// open nothing.
	use("feedback", "Work", queues.feedback.main.QueueArn(), "sqs:ReceiveMessage", "sqs:DeleteMessage")
	use("feedback", "Applications", applications, "dynamodb:Query", "dynamodb:UpdateItem")
	use("feedback", "Elsewhere", queues.notification.main.QueueArn(), "sqs:SendMessage")

	// Shows authorities the result and takes their answers. It reads links and can't make their keys, and opens a contact only
	// with a key that notification released.
	use("referral", "Applications", applications, "dynamodb:Query", "dynamodb:UpdateItem")
	use("referral", "Keys", keys, "dynamodb:GetItem", "dynamodb:PutItem")
	onQueues("referral", "Decided", sending, queues.notification, queues.notificationUrgent)
	root("referral", "Roots", []string{"referral"}, "kms:Encrypt", "kms:Decrypt")
	root("referral", "Links", []string{"links"}, "kms:Decrypt")
}

// receiving is what Lambda does on a queue in the name of the function that reads it.
var receiving = []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}

// sending puts a message into a queue.
var sending = []string{"sqs:SendMessage"}

// sendMail allows mail from the country's address, as its configuration set handles it.
func sendMail(stack awscdk.Stack, pack *country.Pack, n names) awsiam.PolicyStatement {
	statement := allow("Mail", mailARN(stack, pack, "identity/"+mailDomain(pack)),
		map[string]any{"StringEquals": map[string]any{"ses:FromAddress": pack.MailFrom}}, "ses:SendEmail")
	statement.AddResources(mailARN(stack, pack, "configuration-set/"+n.plain()))
	return statement
}

func mailARN(stack awscdk.Stack, pack *country.Pack, resource string) *string {
	return jsii.String("arn:" + *stack.Partition() + ":ses:" + pack.MailRegion + ":" + *stack.Account() + ":" + resource)
}

// keepLogs lets a function write to its own log group and to X-Ray, which knows no resources (nag.go has the reasons
// for the two asterisks).
func keepLogs(role awsiam.Role, group *string) {
	role.AddToPrincipalPolicy(allow("Logs", group, nil, "logs:CreateLogStream", "logs:PutLogEvents"))
	role.AddToPrincipalPolicy(allow("Traces", jsii.String("*"), nil, "xray:PutTraceSegments", "xray:PutTelemetryRecords"))
}

// policyOf is what a role may do, apart from who it is.
func policyOf(role awsiam.Role) constructs.IConstruct {
	return role.Node().FindChild(jsii.String("DefaultPolicy"))
}

func allow(sid string, resource *string, conditions map[string]any, actions ...string) awsiam.PolicyStatement {
	props := &awsiam.PolicyStatementProps{Sid: &sid, Actions: jsii.Strings(actions...), Resources: &[]*string{resource}}
	if conditions != nil {
		props.Conditions = &conditions
	}
	return awsiam.NewPolicyStatement(props)
}
