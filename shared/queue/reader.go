package queue

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Source is what a reader needs of the AWS client.
type Source interface {
	ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, options ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessageBatch(ctx context.Context, in *sqs.DeleteMessageBatchInput, options ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error)
}

// A Reader takes messages out of a queue itself, for a function that no event source mapping feeds.
type Reader struct {
	Client Source
	URL    string
}

// atOnce is how many messages SQS gives, or takes out, by one request.
const atOnce = 10

// Take receives what is there, ten messages at most; none means that the queue is empty. What is taken is hidden for the
// queue's visibility timeout, and comes back unless it is done.
func (r *Reader) Take(ctx context.Context) ([]events.SQSMessage, error) {
	answer, err := r.Client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: aws.String(r.URL), MaxNumberOfMessages: atOnce,
		WaitTimeSeconds: 1, // without, SQS asks a few of its servers only, and may find nothing where there is something
	})
	if err != nil {
		return nil, fmt.Errorf("receiving messages: %w", err)
	}
	taken := make([]events.SQSMessage, len(answer.Messages))
	for i, message := range answer.Messages {
		taken[i] = events.SQSMessage{
			MessageId: aws.ToString(message.MessageId), ReceiptHandle: aws.ToString(message.ReceiptHandle), Body: aws.ToString(message.Body),
		}
	}
	return taken, nil
}

// Done takes messages out of the queue, but for those that a batch's answer names: they come back. An error means that
// some that are done will come back, too.
func (r *Reader) Done(ctx context.Context, taken []events.SQSMessage, answer events.SQSEventResponse) error {
	done := slices.DeleteFunc(slices.Clone(taken), func(message events.SQSMessage) bool {
		return slices.Contains(answer.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
	})
	for messages := range slices.Chunk(done, atOnce) {
		in := &sqs.DeleteMessageBatchInput{QueueUrl: aws.String(r.URL)}
		for i, message := range messages { // which may hold one twice: SQS gives some again
			in.Entries = append(in.Entries, types.DeleteMessageBatchRequestEntry{
				Id: aws.String(strconv.Itoa(i)), ReceiptHandle: aws.String(message.ReceiptHandle),
			})
		}
		out, err := r.Client.DeleteMessageBatch(ctx, in)
		if err != nil {
			return fmt.Errorf("taking messages out: %w", err)
		}
		if len(out.Failed) > 0 {
			return fmt.Errorf("taking %d messages out: %s", len(out.Failed), aws.ToString(out.Failed[0].Code))
		}
	}
	return nil
}
