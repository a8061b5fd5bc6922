package sqstest

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func entries(bodies ...string) []types.SendMessageBatchRequestEntry {
	all := make([]types.SendMessageBatchRequestEntry, len(bodies))
	for i, body := range bodies {
		all[i] = types.SendMessageBatchRequestEntry{Id: aws.String(fmt.Sprintf("e%d", i)), MessageBody: aws.String(body)}
	}
	return all
}

func sendBatch(t *testing.T, s service) {
	q := s.queue(t)
	out, err := s.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: &q, Entries: entries("a", "bad \x00 character", "c")})
	if err != nil {
		t.Fatalf("SendMessageBatch: %v", err)
	}
	if len(out.Successful) != 2 || len(out.Failed) != 1 || *out.Failed[0].Id != "e1" || !out.Failed[0].SenderFault {
		t.Fatalf("got %d successes, failures %+v; want only e1 to fail", len(out.Successful), out.Failed)
	}
	got := map[string]bool{}
	for len(got) < 2 {
		for _, m := range s.receive(t, q, 2) {
			got[*m.Body] = true
		}
	}
	if !got["a"] || !got["c"] {
		t.Errorf("got %v, want a and c", got)
	}
}

func badBatches(t *testing.T, s service) {
	q := s.queue(t)
	try := func(e []types.SendMessageBatchRequestEntry) error {
		_, err := s.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: &q, Entries: e})
		return err
	}
	var empty *types.EmptyBatchRequest
	if err := try([]types.SendMessageBatchRequestEntry{}); !errors.As(err, &empty) {
		t.Errorf("no entries: got %v", err)
	}
	var many *types.TooManyEntriesInBatchRequest
	if err := try(entries(strings.Split("abcdefghijk", "")...)); !errors.As(err, &many) {
		t.Errorf("11 entries: got %v", err)
	}
	double := entries("a", "b")
	double[1].Id = double[0].Id
	var distinct *types.BatchEntryIdsNotDistinct
	if err := try(double); !errors.As(err, &distinct) {
		t.Errorf("same id twice: got %v", err)
	}
	s.wantEmpty(t, q)
}

func deleteBatch(t *testing.T, s service) {
	q := s.queue(t)
	s.send(t, q, "a")
	m := s.receiveOne(t, q, 2)
	out, err := s.DeleteMessageBatch(t.Context(), &sqs.DeleteMessageBatchInput{
		QueueUrl: &q, Entries: []types.DeleteMessageBatchRequestEntry{
			{Id: aws.String("good"), ReceiptHandle: m.ReceiptHandle},
			{Id: aws.String("bad"), ReceiptHandle: aws.String("garbage")},
		},
	})
	if err != nil {
		t.Fatalf("DeleteMessageBatch: %v", err)
	}
	if len(out.Successful) != 1 || *out.Successful[0].Id != "good" || len(out.Failed) != 1 || *out.Failed[0].Id != "bad" {
		t.Errorf("got successes %+v, failures %+v", out.Successful, out.Failed)
	}
}

func noQueue(t *testing.T, s service) {
	existing := s.queue(t)
	missing := strings.TrimSuffix(existing, path.Base(existing)) + newName()
	var gone *types.QueueDoesNotExist
	if _, err := s.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &missing, MessageBody: aws.String("a")}); !errors.As(err, &gone) {
		t.Errorf("SendMessage: got %v, want QueueDoesNotExist", err)
	}
	if _, err := s.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &missing}); !errors.As(err, &gone) {
		t.Errorf("ReceiveMessage: got %v, want QueueDoesNotExist", err)
	}
	if _, err := s.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String(newName())}); !errors.As(err, &gone) {
		t.Errorf("GetQueueUrl: got %v, want QueueDoesNotExist", err)
	}
}

func createTwice(t *testing.T, s service) {
	name := aws.String(newName())
	create := func(visibility string) (*sqs.CreateQueueOutput, error) {
		return s.CreateQueue(t.Context(), &sqs.CreateQueueInput{
			QueueName: name, Attributes: map[string]string{"VisibilityTimeout": visibility},
		})
	}
	first, err := create("40")
	if err != nil {
		t.Fatalf("CreateQueue: %v", err)
	}
	again, err := create("40")
	if err != nil || *again.QueueUrl != *first.QueueUrl {
		t.Errorf("the same again: got %v, %v", again, err)
	}
	var exists *types.QueueNameExists
	if _, err := create("41"); !errors.As(err, &exists) {
		t.Errorf("another timeout: got %v, want QueueNameExists", err)
	}
	found, err := s.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: name})
	if err != nil || *found.QueueUrl != *first.QueueUrl {
		t.Errorf("GetQueueUrl: got %v, %v", found, err)
	}
}

func badAttributes(t *testing.T, s service) {
	for name, value := range map[string]string{"VisibilityTimeout": "43201", "DelaySeconds": "901", "MessageRetentionPeriod": "59"} {
		_, err := s.CreateQueue(t.Context(), &sqs.CreateQueueInput{
			QueueName: aws.String(newName()), Attributes: map[string]string{name: value},
		})
		var invalid *types.InvalidAttributeValue
		if !errors.As(err, &invalid) {
			t.Errorf("%s %s: got %v, want InvalidAttributeValue", name, value, err)
		}
	}
}

func badName(t *testing.T, s service) {
	_, err := s.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("no spaces or dots.")})
	wantCode(t, err, "InvalidParameterValue")
}

func queueAttributes(t *testing.T, s service) {
	q := s.queue(t, "VisibilityTimeout", "45", "MessageRetentionPeriod", "1209600")
	s.send(t, q, "a")
	s.send(t, q, "b")
	out, err := s.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &q, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	if err != nil {
		t.Fatalf("GetQueueAttributes: %v", err)
	}
	for name, want := range map[string]string{
		"VisibilityTimeout": "45", "MessageRetentionPeriod": "1209600", "DelaySeconds": "0",
		"ApproximateNumberOfMessages": "2", "ApproximateNumberOfMessagesNotVisible": "0",
	} {
		if out.Attributes[name] != want {
			t.Errorf("%s is %q, want %q", name, out.Attributes[name], want)
		}
	}
	if !strings.HasSuffix(out.Attributes["QueueArn"], ":"+path.Base(q)) {
		t.Errorf("QueueArn is %q", out.Attributes["QueueArn"])
	}
}

func badMessages(t *testing.T, s service) {
	q := s.queue(t)
	try := func(body string) error {
		_, err := s.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &q, MessageBody: &body})
		return err
	}
	var contents *types.InvalidMessageContents
	if err := try("a \x01 b"); !errors.As(err, &contents) {
		t.Errorf("control character: got %v, want InvalidMessageContents", err)
	}
	wantCode(t, try(strings.Repeat("x", 1<<20+1)), "InvalidParameterValue")
	if err := try(strings.Repeat("x", 256<<10)); err != nil {
		t.Errorf("256 KiB: %v", err)
	}
}

func badDelay(t *testing.T, s service) {
	q := s.queue(t)
	_, err := s.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &q, MessageBody: aws.String("a"), DelaySeconds: 901})
	wantCode(t, err, "InvalidParameterValue")
}

func purge(t *testing.T, s service) {
	q := s.queue(t)
	s.send(t, q, "a")
	s.send(t, q, "b")
	s.receive(t, q, 2)
	if _, err := s.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: &q}); err != nil {
		t.Fatalf("PurgeQueue: %v", err)
	}
	s.wantEmpty(t, q)
	if n := s.attribute(t, q, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible); n != "0" {
		t.Errorf("%s messages in flight, want none", n)
	}
}

func list(t *testing.T, s service) {
	q := s.queue(t)
	out, err := s.ListQueues(t.Context(), &sqs.ListQueuesInput{QueueNamePrefix: aws.String(path.Base(q))})
	if err != nil || len(out.QueueUrls) != 1 || out.QueueUrls[0] != q {
		t.Errorf("got %v, %v; want %s alone", out, err, q)
	}
}
