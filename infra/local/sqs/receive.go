package sqs

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Message is a message as received.
type Message struct {
	MessageId              string //nolint:revive // AWS's spelling
	ReceiptHandle          string
	Body                   string
	MD5OfBody              string
	MD5OfMessageAttributes string                    `json:",omitempty"`
	Attributes             map[string]string         `json:",omitempty"`
	MessageAttributes      map[string]attributeValue `json:",omitempty"`
}

// Receive takes up to limit messages, waiting for the first one up to wait. visibility nil means the queue's own.
// It returns nothing, without an error, when the wait or ctx ends.
func (s *Server) Receive(ctx context.Context, queueName string, limit int, wait time.Duration, visibility *time.Duration) ([]Message, error) {
	deadline := time.Now().Add(wait)
	for {
		messages, again, err := s.take(queueName, limit, visibility)
		left := time.Until(deadline)
		if err != nil || len(messages) > 0 || left <= 0 || ctx.Err() != nil {
			return messages, err
		}
		again.wait(ctx, left)
	}
}

// next tells when it is worth looking at a queue again.
type next struct {
	changed <-chan struct{}
	visible time.Duration // until a hidden message shows; 0 when there is none
}

func (n next) wait(ctx context.Context, limit time.Duration) {
	if n.visible > 0 {
		limit = min(limit, n.visible)
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-n.changed:
	case <-timer.C:
	}
}

// take receives what is visible now.
func (s *Server) take(queueName string, limit int, visibility *time.Duration) ([]Message, next, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.find(queueName)
	if err != nil {
		return nil, next{}, err
	}
	hide := q.settings.Visibility
	if visibility != nil {
		hide = *visibility
	}
	now := s.now()
	var taken []*message
	for len(q.messages) > 0 && len(taken) < limit && !q.messages[0].visibleAt.After(now) {
		if slices.Contains(taken, q.messages[0]) { // hidden for no time at all, it is visible again
			break
		}
		if m := s.receiveFirst(q, now, hide); m != nil {
			taken = append(taken, m)
		}
	}
	messages := make([]Message, len(taken))
	for i, m := range taken {
		messages[i] = m.export()
	}
	again := next{changed: q.changed}
	if len(q.messages) > 0 {
		again.visible = q.messages[0].visibleAt.Sub(now)
	}
	return messages, again, nil
}

// receiveFirst takes the message at the head; nil when it was too old or went to the dead-letter queue instead.
func (s *Server) receiveFirst(q *queue, now time.Time, hide time.Duration) *message {
	m := q.messages[0]
	if !now.Before(m.sent.Add(q.settings.Retention)) {
		q.remove(m)
		return nil
	}
	if dlq, ok := s.queues[q.settings.DeadLetterQueue]; ok && m.receives >= q.settings.MaxReceiveCount {
		q.remove(m)
		m.handle, m.deadFrom, m.visibleAt = "", s.ARN(q.name), now
		dlq.add(m)
		return nil
	}
	m.receives++
	if m.first.IsZero() {
		m.first = now
	}
	m.handle = newHandle(m.id)
	q.hide(m, now.Add(hide))
	return m
}

func (m *message) export() Message {
	attributes := map[string]string{
		"SenderId":                         m.sender,
		"SentTimestamp":                    strconv.FormatInt(m.sent.UnixMilli(), 10),
		"ApproximateReceiveCount":          strconv.Itoa(m.receives),
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.first.UnixMilli(), 10),
	}
	if m.trace != "" {
		attributes["AWSTraceHeader"] = m.trace
	}
	if m.deadFrom != "" {
		attributes["DeadLetterQueueSourceArn"] = m.deadFrom
	}
	return Message{
		MessageId: m.id, ReceiptHandle: m.handle, Body: m.body, MD5OfBody: md5Of(m.body),
		MD5OfMessageAttributes: md5OfAttributes(m.attributes), Attributes: attributes, MessageAttributes: m.attributes,
	}
}

type receiveInput struct {
	QueueUrl                    string //nolint:revive // AWS's spelling
	MaxNumberOfMessages         *int
	VisibilityTimeout           *int
	WaitTimeSeconds             *int
	AttributeNames              []string
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
}

type receiveOutput struct {
	Messages []Message `json:",omitempty"`
}

func (s *Server) receiveMessage(ctx context.Context, in receiveInput) (receiveOutput, error) {
	limit, wait, visibility, err := s.receiveOptions(in)
	if err != nil {
		return receiveOutput{}, err
	}
	messages, err := s.Receive(ctx, in.QueueUrl, limit, wait, visibility)
	if err != nil {
		return receiveOutput{}, err
	}
	for i := range messages {
		messages[i].keepOnly(append(in.AttributeNames, in.MessageSystemAttributeNames...), in.MessageAttributeNames)
	}
	return receiveOutput{messages}, nil
}

func (s *Server) receiveOptions(in receiveInput) (limit int, wait time.Duration, visibility *time.Duration, err error) {
	_, err = s.locked(in.QueueUrl, func(q *queue) error { wait = q.settings.Wait; return nil })
	if err != nil {
		return 0, 0, nil, err
	}
	limit = 1
	for _, o := range []struct {
		name     string
		value    *int
		min, max int
		set      func(time.Duration)
	}{
		{"MaxNumberOfMessages", in.MaxNumberOfMessages, 1, 10, func(d time.Duration) { limit = int(d / time.Second) }},
		{"WaitTimeSeconds", in.WaitTimeSeconds, 0, 20, func(d time.Duration) { wait = d }},
		{"VisibilityTimeout", in.VisibilityTimeout, 0, 43200, func(d time.Duration) { visibility = &d }},
	} {
		if o.value == nil {
			continue
		}
		if *o.value < o.min || *o.value > o.max {
			return 0, 0, nil, badValue(fmt.Sprintf("Value %d for parameter %s is invalid. Reason: Must be between %d and %d, if provided.",
				*o.value, o.name, o.min, o.max))
		}
		o.set(time.Duration(*o.value) * time.Second)
	}
	return limit, wait, visibility, nil
}

// keepOnly leaves the attributes that a receive asked for.
func (m *Message) keepOnly(system, user []string) {
	picked, kept := map[string]string{}, map[string]attributeValue{}
	for name, value := range m.Attributes {
		if matches(system, name) {
			picked[name] = value
		}
	}
	for name, value := range m.MessageAttributes {
		if matches(user, name) {
			kept[name] = value
		}
	}
	m.Attributes, m.MessageAttributes, m.MD5OfMessageAttributes = picked, kept, md5OfAttributes(kept)
}

func matches(wanted []string, name string) bool {
	for _, w := range wanted {
		prefix, isPrefix := strings.CutSuffix(w, ".*")
		if w == "All" || w == name || isPrefix && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
