package sqstest

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func roundTrip(t *testing.T, s service) {
	q := s.queue(t)
	const body = "{\"text\":\"مرحبا ¿qué tal? \\u0007\"}\n\t"
	before := time.Now().Add(-time.Second).UnixMilli()
	sent := s.send(t, q, body)
	got := s.receiveOne(t, q, 2)
	if *got.Body != body || *got.MessageId != *sent.MessageId || *got.MD5OfBody != *sent.MD5OfMessageBody {
		t.Errorf("got %q %s %s, sent %q %s %s", *got.Body, *got.MessageId, *got.MD5OfBody, body, *sent.MessageId, *sent.MD5OfMessageBody)
	}
	if count(got) != "1" {
		t.Errorf("receive count %s, want 1", count(got))
	}
	at, err := strconv.ParseInt(got.Attributes["SentTimestamp"], 10, 64)
	if err != nil || at < before || at > time.Now().Add(time.Second).UnixMilli() {
		t.Errorf("SentTimestamp %q is not now in milliseconds", got.Attributes["SentTimestamp"])
	}
	s.delete(t, q, got.ReceiptHandle)
	s.wantEmpty(t, q)
}

func astral(t *testing.T, s service) {
	q := s.queue(t)
	s.send(t, q, "🙂")
	if got := s.receiveOne(t, q, 2); *got.Body != "🙂" {
		t.Errorf("got %q", *got.Body)
	}
}

func someAttributes() map[string]types.MessageAttributeValue {
	return map[string]types.MessageAttributeValue{
		"traceparent": {DataType: aws.String("String"), StringValue: aws.String("00-abc-def-01")},
		"attempt":     {DataType: aws.String("Number.int"), StringValue: aws.String("42")},
		"blob":        {DataType: aws.String("Binary"), BinaryValue: []byte{0, 1, 2, 255}},
	}
}

func attributes(t *testing.T, s service) {
	q := s.queue(t)
	sent, err := s.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &q, MessageBody: aws.String("b"), MessageAttributes: someAttributes(),
	})
	if err != nil {
		t.Fatalf("SendMessage: %v", err)
	}
	const digest = "c6fb3ef2f74c8afb26b01e39beca39b8" // the same from two implementations that share no code
	if aws.ToString(sent.MD5OfMessageAttributes) != digest {
		t.Errorf("digest of the attributes is %s, want %s", aws.ToString(sent.MD5OfMessageAttributes), digest)
	}
	got := s.receiveOne(t, q, 2)
	if aws.ToString(got.MD5OfMessageAttributes) != digest || len(got.MessageAttributes) != 3 {
		t.Errorf("got digest %s of %d attributes", aws.ToString(got.MD5OfMessageAttributes), len(got.MessageAttributes))
	}
	if string(got.MessageAttributes["blob"].BinaryValue) != "\x00\x01\x02\xff" || *got.MessageAttributes["attempt"].StringValue != "42" {
		t.Errorf("got %+v", got.MessageAttributes)
	}
}

func askedAttributes(t *testing.T, s service) {
	q := s.queue(t)
	if _, err := s.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &q, MessageBody: aws.String("b"), MessageAttributes: someAttributes(),
	}); err != nil {
		t.Fatalf("SendMessage: %v", err)
	}
	out, err := s.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: &q, WaitTimeSeconds: 2, MessageAttributeNames: []string{"trace.*", "attempt"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameApproximateReceiveCount},
	})
	if err != nil || len(out.Messages) != 1 {
		t.Fatalf("ReceiveMessage: %d messages, %v", len(out.Messages), err)
	}
	m := out.Messages[0]
	if len(m.Attributes) != 1 || count(m) != "1" {
		t.Errorf("got system attributes %v, want the receive count alone", m.Attributes)
	}
	if _, blob := m.MessageAttributes["blob"]; blob || m.MessageAttributes["attempt"].StringValue == nil {
		t.Errorf("got attributes %v, want attempt and no blob", m.MessageAttributes)
	}
}

func delay(t *testing.T, s service) {
	q := s.queue(t)
	if _, err := s.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &q, MessageBody: aws.String("late"), DelaySeconds: 1}); err != nil {
		t.Fatalf("SendMessage: %v", err)
	}
	s.wantEmpty(t, q)
	if n := s.attribute(t, q, types.QueueAttributeNameApproximateNumberOfMessagesDelayed); n != "1" {
		t.Errorf("%s delayed messages, want 1", n)
	}
	s.receiveOne(t, q, 5)
}

func queueDelay(t *testing.T, s service) {
	q := s.queue(t, "DelaySeconds", "1")
	s.send(t, q, "late")
	s.wantEmpty(t, q)
	s.receiveOne(t, q, 5)
}

func limit(t *testing.T, s service) {
	q := s.queue(t)
	for i := range 12 {
		s.send(t, q, fmt.Sprint(i))
	}
	if n := len(s.receive(t, q, 0)); n > 10 || n == 0 {
		t.Errorf("received %d messages, want 1 to 10", n)
	}
	_, err := s.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &q, MaxNumberOfMessages: 11})
	wantCode(t, err, "InvalidParameterValue")
}

func longPoll(t *testing.T, s service) {
	q := s.queue(t)
	var sending sync.WaitGroup
	began := time.Now()
	sending.Go(func() {
		time.Sleep(500 * time.Millisecond)
		s.send(t, q, "at last")
	})
	s.receiveOne(t, q, 10)
	sending.Wait()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the receive took %v, want it to end when the message came", took)
	}
}

func longPollEmpty(t *testing.T, s service) {
	q := s.queue(t)
	began := time.Now()
	if n := len(s.receive(t, q, 1)); n != 0 {
		t.Errorf("received %d messages, want none", n)
	}
	if took := time.Since(began); took < 900*time.Millisecond || took > 5*time.Second {
		t.Errorf("the receive took %v, want about a second", took)
	}
}

func longPollVisible(t *testing.T, s service) {
	q := s.queue(t, "VisibilityTimeout", "1")
	s.send(t, q, "again")
	s.receiveOne(t, q, 2)
	if m := s.receiveOne(t, q, 10); count(m) != "2" {
		t.Errorf("receive count %s, want 2", count(m))
	}
}

func concurrent(t *testing.T, s service) {
	q := s.queue(t)
	const messages, readers = 50, 8
	for i := range messages {
		s.send(t, q, fmt.Sprint(i))
	}
	var mu sync.Mutex
	seen := map[string]int{}
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			for {
				batch := s.receive(t, q, 0)
				if len(batch) == 0 {
					return
				}
				for _, m := range batch {
					mu.Lock()
					seen[*m.Body]++
					mu.Unlock()
					s.delete(t, q, m.ReceiptHandle)
				}
			}
		})
	}
	wg.Wait()
	if len(seen) != messages {
		t.Errorf("received %d different messages, want %d", len(seen), messages)
	}
	for body, n := range seen {
		if n != 1 {
			t.Errorf("message %s was received %d times", body, n)
		}
	}
}
