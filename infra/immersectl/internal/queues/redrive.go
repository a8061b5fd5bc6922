package queues

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Redrive moves messages of a dead-letter queue back to where they failed, at most limit of them (0 is all that are there
// when it begins), and calls moved after each. A message is sent before it is deleted: whatever ends the work, none is
// lost, and running it again goes on. One that was sent and not deleted goes twice, which every consumer bears. A message
// that fails again and comes back while this runs is left alone.
func (c *Country) Redrive(ctx context.Context, dead Queue, all []Queue, limit int, moved func(Letter)) error {
	sent := map[string]bool{}
	var left []types.Message
	defer func() { c.putBack(ctx, dead, left) }()
	for limit <= 0 || len(sent) < limit {
		messages, err := c.receive(ctx, dead, moveVisibility)
		if err != nil {
			return err
		}
		worked := false
		for i, m := range messages {
			if sent[aws.ToString(m.MessageId)] || limit > 0 && len(sent) >= limit {
				left = append(left, m)
				continue
			}
			id, err := c.move(ctx, dead, all, m)
			if err != nil {
				left = append(left, messages[i:]...)
				return err
			}
			sent[id], worked = true, true
			moved(letterOf(dead.Name, m))
		}
		if !worked {
			return nil
		}
	}
	return nil
}

// move sends one message back and deletes it here. It gives the message's new id.
func (c *Country) move(ctx context.Context, dead Queue, all []Queue, m types.Message) (string, error) {
	source, err := home(dead, all, m)
	if err != nil {
		return "", err
	}
	answer, err := c.Client.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: aws.String(source.URL), MessageBody: m.Body, MessageAttributes: m.MessageAttributes,
	})
	if err != nil {
		return "", fmt.Errorf("sending message %s to %s: %w", aws.ToString(m.MessageId), source.Name, err)
	}
	// Once sent, it must go from here even if the operator interrupts at this moment.
	_, err = c.Client.DeleteMessage(context.WithoutCancel(ctx), &sqs.DeleteMessageInput{
		QueueUrl: aws.String(dead.URL), ReceiptHandle: m.ReceiptHandle,
	})
	if err != nil {
		return "", fmt.Errorf("deleting message %s from %s after it was sent to %s: %w",
			aws.ToString(m.MessageId), dead.Name, source.Name, err)
	}
	return aws.ToString(answer.MessageId), nil
}

// home finds the queue in which a message failed. SQS names it on the message; a queue that takes the failures of only
// one other needs no name.
func home(dead Queue, all []Queue, m types.Message) (Queue, error) {
	name := ""
	if arn := m.Attributes["DeadLetterQueueSourceArn"]; arn != "" {
		name = arn[strings.LastIndexByte(arn, ':')+1:]
	} else if len(dead.Sources) == 1 {
		name = dead.Sources[0]
	}
	for _, q := range all {
		if q.Name == name {
			return q, nil
		}
	}
	return Queue{}, fmt.Errorf("message %s in %s: nothing says which queue it came from (its sources: %s)",
		aws.ToString(m.MessageId), dead.Name, strings.Join(dead.Sources, ", "))
}
