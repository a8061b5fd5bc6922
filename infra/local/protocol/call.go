package protocol

import (
	"encoding/json"
	"net/http"
	"path"
	"slices"
	"strings"
)

// Call describes one request to an AWS service, for hooks that watch, deny or break it.
type Call struct {
	Service   string   // dynamodb, sqs, kms, ses or s3
	Action    string   // PutItem, SendMessage, Decrypt, SendEmail …
	AccessKey string   // of the caller, from the signature; each function has its own
	Caller    string   // the function's name that the access key belongs to, or ""
	Resources []string // tables, queue, key, sender, or bucket with key that it names; sorted
	Body      []byte   // as sent
}

var services = map[string]string{"DynamoDB_20120810": "dynamodb", "AmazonSQS": "sqs", "TrentService": "kms"}

// Describe recognises a request to an AWS service. It reports false for anything else.
func Describe(r *http.Request, body []byte) (Call, bool) {
	call := Call{AccessKey: accessKey(r.Header.Get("Authorization")), Body: body}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		prefix, action, _ := strings.Cut(target, ".")
		call.Service, call.Action = services[prefix], action
	} else if r.Method == http.MethodPost && r.URL.Path == "/v2/email/outbound-emails" {
		call.Service, call.Action = "ses", "SendEmail"
	}
	if call.Service == "" && IsS3(r) {
		call.Service, call.Action, call.Resources = "s3", s3Action(r), []string{strings.TrimPrefix(r.URL.Path, "/")}
		return call, true
	}
	if call.Service == "" {
		return Call{}, false
	}
	call.Resources = resources(body)
	return call, true
}

// IsS3 recognises a request to S3 by what it is signed for: its paths could be anything.
func IsS3(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Authorization"), "/s3/aws4_request")
}

// s3Action gives S3's name of what a request asks for; empty for what isn't done here.
func s3Action(r *http.Request) string {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case bucket == "" && r.Method == http.MethodGet:
		return "ListBuckets"
	case key == "" && r.Method == http.MethodGet && r.URL.Query().Get("list-type") == "2":
		return "ListObjectsV2"
	case key == "":
		return ""
	}
	return map[string]string{http.MethodGet: "GetObject", http.MethodHead: "HeadObject", http.MethodPut: "PutObject"}[r.Method]
}

// accessKey reads the key from "AWS4-HMAC-SHA256 Credential=KEY/date/region/service/aws4_request, …".
func accessKey(authorization string) string {
	_, rest, _ := strings.Cut(authorization, "Credential=")
	key, _, _ := strings.Cut(rest, "/")
	return key
}

// resources collects what a body names, wherever the action puts it: transactions and batches name several tables.
func resources(body []byte) []string {
	var named struct {
		TableName, QueueUrl, QueueName, KeyId, FromEmailAddress string //nolint:revive // AWS's spelling
		TransactItems                                           []map[string]struct{ TableName string }
		RequestItems                                            map[string]json.RawMessage
	}
	if json.Unmarshal(body, &named) != nil {
		return nil
	}
	all := []string{named.TableName, named.QueueName, named.KeyId, named.FromEmailAddress}
	if named.QueueUrl != "" {
		all = append(all, path.Base(named.QueueUrl))
	}
	for _, item := range named.TransactItems {
		for _, part := range item {
			all = append(all, part.TableName)
		}
	}
	for table := range named.RequestItems {
		all = append(all, table)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}
