package queue_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/miict/immerse/shared/queue"
)

// shelf gives messages and keeps what is taken out.
type shelf struct {
	messages []types.Message
	requests int
	deleted  []string
	err      error
	refused  []types.BatchResultErrorEntry
}

func (s *shelf) ReceiveMessage(_ context.Context, in *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	n := min(int(in.MaxNumberOfMessages), len(s.messages))
	return &sqs.ReceiveMessageOutput{Messages: s.messages[:n]}, s.err
}

func (s *shelf) DeleteMessageBatch(_ context.Context, in *sqs.DeleteMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error) {
	s.requests++
	for _, entry := range in.Entries {
		if slices.ContainsFunc(in.Entries, func(e types.DeleteMessageBatchRequestEntry) bool { return e != entry && *e.Id == *entry.Id }) {
			return nil, errors.New("BatchEntryIdsNotDistinct")
		}
		s.deleted = append(s.deleted, *entry.ReceiptHandle)
	}
	return &sqs.DeleteMessageBatchOutput{Failed: s.refused}, s.err
}

func TestAReaderTakesOutWhatIsDone(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	var taken []lambdaevents.SQSMessage
	for i := range 12 {
		id := fmt.Sprint(i)
		s.messages = append(s.messages, types.Message{MessageId: aws.String(id), ReceiptHandle: aws.String("h" + id), Body: aws.String("b" + id)})
		taken = append(taken, lambdaevents.SQSMessage{MessageId: id, ReceiptHandle: "h" + id, Body: "b" + id})
	}
	reader := &queue.Reader{Client: s, URL: "https://sqs/queue"}
	got, err := reader.Take(t.Context())
	if err != nil || len(got) != 10 || got[3].Body != "b3" || got[3].ReceiptHandle != "h3" {
		t.Errorf("%+v, %v", got, err)
	}
	answer := lambdaevents.SQSEventResponse{BatchItemFailures: []lambdaevents.SQSBatchItemFailure{{ItemIdentifier: "3"}}}
	if err := reader.Done(t.Context(), taken, answer); err != nil || s.requests != 2 || len(s.deleted) != 11 || slices.Contains(s.deleted, "h3") {
		t.Errorf("%d requests took out %v, %v", s.requests, s.deleted, err)
	}
	s.refused = []types.BatchResultErrorEntry{{Id: aws.String("1"), Code: aws.String("InternalError")}}
	if err := reader.Done(t.Context(), taken[:1], lambdaevents.SQSEventResponse{}); err == nil {
		t.Error("what was refused is taken for done")
	}
	s.err = errors.New("throttled")
	if _, err := reader.Take(t.Context()); !errors.Is(err, s.err) {
		t.Errorf("got %v", err)
	}
	if err := reader.Done(t.Context(), taken, lambdaevents.SQSEventResponse{}); !errors.Is(err, s.err) {
		t.Errorf("got %v", err)
	}
}

// TestAMessageThatWasGivenTwice: SQS may, and refuses requests in which two entries have one id.
func TestAMessageThatWasGivenTwice(t *testing.T) {
	s := &shelf{}
	reader := queue.Reader{Client: s, URL: "queue"}
	taken := []lambdaevents.SQSMessage{{MessageId: "1", ReceiptHandle: "first"}, {MessageId: "1", ReceiptHandle: "second"}}
	if err := reader.Done(t.Context(), taken, lambdaevents.SQSEventResponse{}); err != nil || len(s.deleted) != 2 {
		t.Errorf("took out %v, %v", s.deleted, err)
	}
}
