package sqstest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

func visibility(t *testing.T, s service) {
	q := s.queue(t, "VisibilityTimeout", "1")
	s.send(t, q, "again")
	first := s.receiveOne(t, q, 2)
	s.wantEmpty(t, q)
	if n := s.attribute(t, q, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible); n != "1" {
		t.Errorf("%s messages in flight, want 1", n)
	}
	sleep(t, 1)
	second := s.receiveOne(t, q, 2)
	if *second.MessageId != *first.MessageId || count(second) != "2" {
		t.Errorf("got message %s with count %s, want %s with 2", *second.MessageId, count(second), *first.MessageId)
	}
	if *second.ReceiptHandle == *first.ReceiptHandle {
		t.Error("both receives have the same handle")
	}
	if first.Attributes["ApproximateFirstReceiveTimestamp"] != second.Attributes["ApproximateFirstReceiveTimestamp"] {
		t.Error("the time of the first receive has changed")
	}
}

func ownVisibility(t *testing.T, s service) {
	q := s.queue(t, "VisibilityTimeout", "60")
	s.send(t, q, "again")
	if _, err := s.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &q, VisibilityTimeout: 1, WaitTimeSeconds: 2}); err != nil {
		t.Fatalf("ReceiveMessage: %v", err)
	}
	sleep(t, 1)
	s.receiveOne(t, q, 2)
}

// visibilityZero: Go's SDK does not send a VisibilityTimeout of 0 in a receive, so the queue's own is 0.
func visibilityZero(t *testing.T, s service) {
	q := s.queue(t, "VisibilityTimeout", "0")
	s.send(t, q, "one")
	s.receiveOne(t, q, 2)
	if m := s.receiveOne(t, q, 2); count(m) != "2" {
		t.Errorf("receive count %s, want 2", count(m))
	}
}

func (s service) change(t *testing.T, queue string, handle *string, seconds int32) error {
	t.Helper()
	_, err := s.ChangeMessageVisibility(t.Context(), &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &queue, ReceiptHandle: handle, VisibilityTimeout: seconds,
	})
	return err
}

func changeVisibility(t *testing.T, s service) {
	q := s.queue(t, "VisibilityTimeout", "1")
	s.send(t, q, "again")
	m := s.receiveOne(t, q, 2)
	if err := s.change(t, q, m.ReceiptHandle, 60); err != nil {
		t.Fatalf("ChangeMessageVisibility: %v", err)
	}
	sleep(t, 1)
	s.wantEmpty(t, q)
	if err := s.change(t, q, m.ReceiptHandle, 0); err != nil {
		t.Fatalf("ChangeMessageVisibility to 0: %v", err)
	}
	s.receiveOne(t, q, 2)
}

func changeNotInFlight(t *testing.T, s service) {
	q := s.queue(t)
	s.send(t, q, "again")
	m := s.receiveOne(t, q, 2)
	if err := s.change(t, q, m.ReceiptHandle, 0); err != nil {
		t.Fatalf("ChangeMessageVisibility: %v", err)
	}
	err := s.change(t, q, m.ReceiptHandle, 10)
	var notInFlight *types.MessageNotInflight
	if !errors.As(err, &notInFlight) {
		t.Errorf("got %v, want MessageNotInflight", err)
	}
	wantCode(t, s.change(t, q, m.ReceiptHandle, 43201), "InvalidParameterValue")
}

func staleHandle(t *testing.T, s service) {
	q := s.queue(t, "VisibilityTimeout", "1")
	s.send(t, q, "again")
	first := s.receiveOne(t, q, 2)
	sleep(t, 1)
	second := s.receiveOne(t, q, 2)
	s.delete(t, q, first.ReceiptHandle) // succeeds, as in AWS
	sleep(t, 1)
	third := s.receiveOne(t, q, 2)
	if *third.MessageId != *second.MessageId {
		t.Errorf("got another message: %s", *third.MessageId)
	}
}

func lateDelete(t *testing.T, s service) {
	q := s.queue(t, "VisibilityTimeout", "1")
	s.send(t, q, "once")
	m := s.receiveOne(t, q, 2)
	sleep(t, 1)
	s.delete(t, q, m.ReceiptHandle)
	s.wantEmpty(t, q)
}

func deleteTwice(t *testing.T, s service) {
	q := s.queue(t)
	s.send(t, q, "once")
	m := s.receiveOne(t, q, 2)
	s.delete(t, q, m.ReceiptHandle)
	s.delete(t, q, m.ReceiptHandle)
}

func garbageHandle(t *testing.T, s service) {
	q := s.queue(t)
	_, err := s.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &q, ReceiptHandle: aws.String("garbage")})
	var invalid *types.ReceiptHandleIsInvalid
	if !errors.As(err, &invalid) {
		t.Errorf("got %v, want ReceiptHandleIsInvalid", err)
	}
}

func deadLetter(t *testing.T, s service) {
	dlq := s.queue(t)
	q := s.queue(t, "VisibilityTimeout", "1", "RedrivePolicy",
		fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":2}`, s.arn(t, dlq)))
	sent := s.send(t, q, "poison")
	for range 2 {
		s.receiveOne(t, q, 5)
		s.wantEmpty(t, dlq)
		sleep(t, 1)
	}
	s.wantEmpty(t, q)
	dead := s.receiveOne(t, dlq, 2)
	if *dead.Body != "poison" || *dead.MessageId != *sent.MessageId {
		t.Errorf("got %q %s, want the message that was sent, %s", *dead.Body, *dead.MessageId, *sent.MessageId)
	}
	s.wantEmpty(t, q)
	s.delete(t, dlq, dead.ReceiptHandle)
}

// wantCode leaves out the service's name, which some implementations put before the code.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || !strings.HasSuffix(api.ErrorCode(), code) {
		t.Errorf("got error %v, want code %s", err, code)
	}
}
