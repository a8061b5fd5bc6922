// Package mapping joins a queue to a function, as Lambda's event source mapping for SQS does: it receives batches,
// invokes the function with them, and deletes what the function has dealt with.
package mapping

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/infra/local/sqs"
)

// Queue is where messages come from.
type Queue interface {
	// Receive waits for messages and hides those it gives for the queue's visibility timeout.
	Receive(ctx context.Context, queue string, limit int, wait time.Duration, visibility *time.Duration) ([]sqs.Message, error)
	// Delete takes messages out, by the handles of their latest receives: ten at most.
	Delete(queue string, handles []string) error
}

// Function is where messages go.
type Function interface {
	// Invoke gives an error when the invocation failed, crashed or took too long.
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// Mapping joins one queue to one function.
type Mapping struct {
	Queue       Queue
	QueueName   string
	QueueARN    string
	Region      string
	Function    Function
	BatchSize   int
	Window      time.Duration // how long to wait for a batch to fill
	Concurrency int           // batches at a time
	Partial     bool          // ReportBatchItemFailures
	Log         *slog.Logger
	// InHand counts the batches that were received and aren't settled; nobody asks when nil.
	InHand *atomic.Int64
}

const longPoll = 20 * time.Second

// atOnce is how many messages SQS gives, and takes out, by one request. A larger batch is put together of several.
const atOnce = 10

// Run works until ctx ends. Batches that have begun are finished first.
func (m Mapping) Run(ctx context.Context) {
	var pollers sync.WaitGroup
	for range max(m.Concurrency, 1) {
		pollers.Go(func() {
			for ctx.Err() == nil {
				m.poll(ctx)
			}
		})
	}
	pollers.Wait()
}

func (m Mapping) poll(ctx context.Context) {
	batch, err := m.Queue.Receive(ctx, m.QueueName, min(max(m.BatchSize, 1), atOnce), longPoll, nil)
	if err != nil {
		m.Log.Error("receiving failed", "queue", m.QueueName, "error", err)
		pause(ctx, time.Second)
		return
	}
	if len(batch) == 0 {
		return
	}
	if m.InHand != nil {
		m.InHand.Add(1)
		defer m.InHand.Add(-1)
	}
	batch = m.fill(ctx, batch)
	payload, err := json.Marshal(m.event(batch))
	if err != nil {
		m.Log.Error("a batch could not be encoded", "queue", m.QueueName, "error", err)
		return
	}
	// The invocation outlives ctx: stopping lets what has begun finish.
	response, err := m.Function.Invoke(context.WithoutCancel(ctx), payload)
	if err != nil {
		// All of the batch stays where it is and comes back after the visibility timeout.
		m.Log.Warn("a batch failed", "queue", m.QueueName, "messages", len(batch), "error", err)
		return
	}
	m.settle(batch, response)
}

// fill waits for more messages, for the window at most.
func (m Mapping) fill(ctx context.Context, batch []sqs.Message) []sqs.Message {
	end := time.Now().Add(m.Window)
	for len(batch) < m.BatchSize && time.Now().Before(end) && ctx.Err() == nil {
		more, err := m.Queue.Receive(ctx, m.QueueName, min(m.BatchSize-len(batch), atOnce), time.Until(end), nil)
		if err != nil {
			break // what there is already is worth handing over
		}
		batch = append(batch, more...)
	}
	return batch
}

// settle deletes what succeeded and leaves the rest to the visibility timeout.
func (m Mapping) settle(batch []sqs.Message, response []byte) {
	failures := map[string]bool{}
	if m.Partial {
		var err error
		if failures, err = failedItems(batch, response); err != nil {
			m.Log.Error("the whole batch counts as failed", "queue", m.QueueName, "error", err)
			return
		}
	}
	var done []string
	for _, message := range batch {
		if !failures[message.MessageId] {
			done = append(done, message.ReceiptHandle)
		}
	}
	for handles := range slices.Chunk(done, atOnce) {
		if err := m.Queue.Delete(m.QueueName, handles); err != nil {
			m.Log.Error("deleting failed", "queue", m.QueueName, "messages", len(handles), "error", err)
		}
	}
}

// failedItems reads batchItemFailures by AWS's rules: an empty answer is a complete success; an answer that cannot be
// read, or names nothing or a message that was not in the batch, is a complete failure.
func failedItems(batch []sqs.Message, response []byte) (map[string]bool, error) {
	var answer *struct {
		Failures []struct {
			ID *string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if len(response) > 0 {
		if err := json.Unmarshal(response, &answer); err != nil {
			return nil, fmt.Errorf("reading the function's answer: %w", err)
		}
	}
	if answer == nil {
		return nil, nil
	}
	inBatch := map[string]bool{}
	for _, message := range batch {
		inBatch[message.MessageId] = true
	}
	failures := map[string]bool{}
	for _, f := range answer.Failures {
		if f.ID == nil || !inBatch[*f.ID] {
			return nil, fmt.Errorf("the function's answer names no message of the batch: %s", response)
		}
		failures[*f.ID] = true
	}
	return failures, nil
}

// event writes a batch as Lambda does.
func (m Mapping) event(batch []sqs.Message) events.SQSEvent {
	var event events.SQSEvent
	for _, message := range batch {
		record := events.SQSMessage{
			MessageId: message.MessageId, ReceiptHandle: message.ReceiptHandle,
			Body: message.Body, Md5OfBody: message.MD5OfBody, Md5OfMessageAttributes: message.MD5OfMessageAttributes,
			Attributes: message.Attributes, MessageAttributes: map[string]events.SQSMessageAttribute{},
			EventSourceARN: m.QueueARN, EventSource: "aws:sqs", AWSRegion: m.Region,
		}
		for name, a := range message.MessageAttributes {
			record.MessageAttributes[name] = events.SQSMessageAttribute{
				DataType: a.DataType, StringValue: a.StringValue, BinaryValue: a.BinaryValue,
				StringListValues: []string{}, BinaryListValues: [][]byte{},
			}
		}
		event.Records = append(event.Records, record)
	}
	return event
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
