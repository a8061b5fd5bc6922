package iam

import (
	"encoding/json"
	"net/mail"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/miict/immerse/infra/local/protocol"
)

// Places are what a call's names stand for.
type Places struct {
	Region, Account string
	MailRegion      string
	// Key gives the ARN of the KMS key that a call names or that its ciphertext is under.
	Key func(name string, ciphertext []byte) string
	// Partition gives the name of a table's partition key.
	Partition func(table string) string
}

// Requests are what AWS asks IAM about before it does what a call says: for most calls one, for a transaction one an
// item.
func (p Places) Requests(call protocol.Call) []Request {
	switch call.Service {
	case "dynamodb":
		return p.tables(call)
	case "sqs":
		return p.queues(call)
	case "kms":
		return p.keys(call)
	case "s3":
		return objects(call)
	default:
		return p.mails(call)
	}
}

func (p Places) arn(service, region, resource string) string {
	return "arn:aws:" + service + ":" + region + ":" + p.Account + ":" + resource
}

// item is what the parts of DynamoDB's calls have in common.
type item struct {
	TableName, IndexName, KeyConditionExpression string
	Key, Item, ExpressionAttributeValues         map[string]struct{ S string }
	ExpressionAttributeNames                     map[string]string
}

func (p Places) tables(call protocol.Call) []Request {
	var body struct {
		item
		TransactItems []map[string]item
		RequestItems  map[string]json.RawMessage
	}
	_ = json.Unmarshal(call.Body, &body) // what can't be read names nothing, and nothing is allowed on it
	var all []Request
	add := func(action string, one item) {
		resource := "table/" + one.TableName
		if one.IndexName != "" {
			resource += "/index/" + one.IndexName
		}
		r := Request{"dynamodb:" + action, p.arn("dynamodb", p.Region, resource), Context{}}
		if leading := p.leading(one); leading != "" {
			r.Context["dynamodb:LeadingKeys"] = []string{leading}
		}
		all = append(all, r)
	}
	for _, parts := range body.TransactItems {
		for kind, one := range parts {
			add(map[string]string{"ConditionCheck": "ConditionCheckItem"}[kind]+inTransaction[kind], one)
		}
	}
	for table := range body.RequestItems {
		add(call.Action, item{TableName: table})
	}
	if len(all) == 0 {
		add(call.Action, body.item)
	}
	return all
}

// inTransaction are the actions that IAM knows for the parts of a transaction.
var inTransaction = map[string]string{"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "Get": "GetItem"}

var firstCondition = regexp.MustCompile(`^\s*(#?\w+)\s*=\s*(:\w+)`)

// leading is the partition key of an item, or of a query.
func (p Places) leading(one item) string {
	name := p.Partition(one.TableName)
	for _, attributes := range []map[string]struct{ S string }{one.Key, one.Item} {
		if value := attributes[name].S; value != "" {
			return value
		}
	}
	if found := firstCondition.FindStringSubmatch(one.KeyConditionExpression); found != nil {
		return one.ExpressionAttributeValues[found[2]].S
	}
	return ""
}

// asOne are the calls of SQS whose permission is that of another.
var asOne = map[string]string{
	"SendMessageBatch": "SendMessage", "DeleteMessageBatch": "DeleteMessage", "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}

func (p Places) queues(call protocol.Call) []Request {
	var body struct{ QueueUrl, QueueName string } //nolint:revive // AWS's spelling
	_ = json.Unmarshal(call.Body, &body)
	action := call.Action
	if one := asOne[action]; one != "" {
		action = one
	}
	name := body.QueueName
	if body.QueueUrl != "" {
		name = path.Base(body.QueueUrl)
	}
	return []Request{{"sqs:" + action, p.arn("sqs", p.Region, name), Context{}}}
}

func (p Places) keys(call protocol.Call) []Request {
	var body struct {
		KeyId             string //nolint:revive // AWS's spelling
		CiphertextBlob    []byte
		EncryptionContext map[string]string
	}
	_ = json.Unmarshal(call.Body, &body)
	r := Request{"kms:" + call.Action, p.Key(body.KeyId, body.CiphertextBlob), Context{}}
	for name, value := range body.EncryptionContext {
		r.Context["kms:EncryptionContext:"+name] = []string{value}
		r.Context["kms:EncryptionContextKeys"] = append(r.Context["kms:EncryptionContextKeys"], name)
	}
	slices.Sort(r.Context["kms:EncryptionContextKeys"])
	return []Request{r}
}

// actionOf are the calls of S3 whose permission has another name.
var actionOf = map[string]string{"ListBuckets": "ListAllMyBuckets", "ListObjectsV2": "ListBucket", "HeadObject": "GetObject"}

func objects(call protocol.Call) []Request {
	action := call.Action
	if other := actionOf[action]; other != "" {
		action = other
	}
	return []Request{{"s3:" + action, "arn:aws:s3:::" + strings.Join(call.Resources, ""), Context{}}}
}

// mails needs the sender's identity and, if it names one, the configuration set.
func (p Places) mails(call protocol.Call) []Request {
	var body struct{ FromEmailAddress, ConfigurationSetName string }
	_ = json.Unmarshal(call.Body, &body)
	from := body.FromEmailAddress
	if parsed, err := mail.ParseAddress(from); err == nil {
		from = parsed.Address
	}
	_, domain, _ := strings.Cut(from, "@")
	context := Context{"ses:FromAddress": {from}}
	all := []Request{{"ses:" + call.Action, p.arn("ses", p.MailRegion, "identity/"+domain), context}}
	if body.ConfigurationSetName != "" {
		all = append(all, Request{"ses:" + call.Action, p.arn("ses", p.MailRegion, "configuration-set/"+body.ConfigurationSetName), context})
	}
	return all
}
