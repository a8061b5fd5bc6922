// Package queue sends events to SQS and hands received ones to a function, one by one.
package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	immerse "github.com/miict/immerse/events"
)

// SQS is what a queue needs of the AWS client.
type SQS interface {
	SendMessage(ctx context.Context, in *sqs.SendMessageInput, options ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// A Queue takes events.
type Queue struct {
	Client SQS
	URL    string
}

// Send puts an event into the queue; when it returns nil, SQS keeps the event.
func (q *Queue) Send(ctx context.Context, event immerse.Envelope) error {
	return q.SendLater(ctx, event, 0)
}

// Holds tells whether this is the queue with an ARN: that of the messages it brings. Within an account and region, which are one
// here, a queue's name says which it is.
func (q *Queue) Holds(arn string) bool {
	return arn != "" && path.Base(q.URL) == arn[strings.LastIndex(arn, ":")+1:]
}

// longestDelay is SQS's own.
const longestDelay = 15 * time.Minute

// SendLater puts an event into the queue that is handed out after a while only: whole seconds, a quarter of an hour at the
// most.
func (q *Queue) SendLater(ctx context.Context, event immerse.Envelope, after time.Duration) error {
	message, err := json.Marshal(event)
	if err != nil {
		return fmt.Errorf("encoding event %s: %w", event.ID, err)
	}
	_, err = q.Client.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: aws.String(q.URL), MessageBody: aws.String(string(message)), DelaySeconds: int32(min(after, longestDelay) / time.Second), //nolint:gosec // at most 900
	})
	if err != nil {
		return fmt.Errorf("sending event %s of %s: %w", event.ID, event.Subject, err)
	}
	return nil
}

// Each hands the messages of a batch to handle, one after the other, and reports those that failed, so that SQS brings
// them again and drops only the others. A message that panics fails alone.
func Each(ctx context.Context, log *slog.Logger, batch events.SQSEvent, handle func(context.Context, events.SQSMessage) error) events.SQSEventResponse {
	var response events.SQSEventResponse
	for _, message := range batch.Records {
		if err := safely(ctx, log, message, handle); err != nil {
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
		}
	}
	return response
}

// safely makes a panic an error of its message. What it panicked with stays out of the log, as it may be personal.
func safely(ctx context.Context, log *slog.Logger, message events.SQSMessage, handle func(context.Context, events.SQSMessage) error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %T", cause)
			log.ErrorContext(ctx, "message comes back after a panic", "message_id", message.MessageId,
				"cause", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
		}
	}()
	return handle(ctx, message)
}
