package queues

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Letter is what may be told of a dead message: ids and times, and only what looks like one. A body may be anything, and a
// mail event, say, has addresses in it.
type Letter struct {
	Queue     string    `json:"queue"`
	MessageID string    `json:"message_id"`
	EventID   string    `json:"event_id,omitempty"`
	Type      string    `json:"type,omitempty"`
	Reference string    `json:"reference,omitempty"`
	Received  int       `json:"received"`
	SentAt    time.Time `json:"sent_at"`
}

var (
	eventType = regexp.MustCompile(`^eu\.immerse(\.[a-z0-9_]{1,40}){1,6}$`)
	eventID   = regexp.MustCompile(`^[0-9A-Za-z-]{8,64}$`)
	reference = regexp.MustCompile(`^[A-Z]{2}(-[0-9A-Z]{4}){3}$`)
)

func letterOf(queue string, m types.Message) Letter {
	var event struct{ ID, Type, Subject string }
	if json.Unmarshal([]byte(aws.ToString(m.Body)), &event) != nil {
		event = struct{ ID, Type, Subject string }{}
	}
	only := func(shape *regexp.Regexp, value string) string {
		if shape.MatchString(value) {
			return value
		}
		return ""
	}
	received, _ := strconv.Atoi(m.Attributes["ApproximateReceiveCount"])
	sent, _ := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64)
	return Letter{
		Queue: queue, MessageID: aws.ToString(m.MessageId), Received: received, SentAt: time.UnixMilli(sent).UTC(),
		EventID: only(eventID, event.ID), Type: only(eventType, event.Type), Reference: only(reference, event.Subject),
	}
}

// How long messages stay hidden from others while they are looked at, and while they are moved.
const (
	peekVisibility = 30
	moveVisibility = 120
)

// receive takes up to ten messages. It waits a second, since SQS asks only some of its servers when it need not wait.
func (c *Country) receive(ctx context.Context, q Queue, visibility int32) ([]types.Message, error) {
	answer, err := c.Client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: aws.String(q.URL), MaxNumberOfMessages: 10, VisibilityTimeout: visibility, WaitTimeSeconds: 1,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		MessageAttributeNames:       []string{"All"},
	})
	if err != nil {
		return nil, fmt.Errorf("receiving from %s: %w", q.Name, err)
	}
	return answer.Messages, nil
}

// putBack shows messages to others at once. If that fails they show by themselves when their time is over.
func (c *Country) putBack(ctx context.Context, q Queue, messages []types.Message) {
	ctx = context.WithoutCancel(ctx) // also when the operator has seen enough
	for _, m := range messages {
		_, _ = c.Client.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
			QueueUrl: aws.String(q.URL), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 0,
		})
	}
}

// Peek looks at the messages of a queue, at most limit of them (0 is all), and puts them back. Each look counts as a
// receipt, which a dead-letter queue does not mind.
func (c *Country) Peek(ctx context.Context, q Queue, limit int, look func(Letter)) error {
	var held []types.Message
	defer func() { c.putBack(ctx, q, held) }()
	seen := map[string]bool{}
	for limit <= 0 || len(seen) < limit {
		messages, err := c.receive(ctx, q, peekVisibility)
		if err != nil {
			return err
		}
		held = append(held, messages...)
		fresh := false
		for _, m := range messages {
			if id := aws.ToString(m.MessageId); !seen[id] && (limit <= 0 || len(seen) < limit) {
				seen[id], fresh = true, true
				look(letterOf(q.Name, m))
			}
		}
		if !fresh { // none left, or those already seen come round again
			return nil
		}
	}
	return nil
}
