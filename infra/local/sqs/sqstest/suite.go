// Package sqstest says what Immerse expects of SQS, as tests that any implementation can be run through: ours, an
// independent one, or AWS's own.
package sqstest

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Client makes a client for an endpoint, for those who have nothing but an address.
func Client(endpoint string) *sqs.Client {
	return sqs.New(sqs.Options{
		Region: "eu-south-2", BaseEndpoint: aws.String(endpoint),
		Credentials: credentials.NewStaticCredentialsProvider("AKIALOCALTEST", "local", ""),
	})
}

// Run runs the whole suite. Every test makes queues of its own, and all run at once: most of the time is spent
// waiting for timeouts, of which SQS has none below a second.
//
// Deviations names the tests that an implementation is known to fail, with the reason; they are skipped in its words.
// Ours has none.
func Run(t *testing.T, client *sqs.Client, deviations map[string]string) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, service){
		"a message comes back as it was sent":                   roundTrip,
		"attributes come back with SQS's digest":                attributes,
		"only the attributes asked for are given":               askedAttributes,
		"a received message is hidden, then comes again":        visibility,
		"a receive may choose its own timeout":                  ownVisibility,
		"a changed timeout counts from now":                     changeVisibility,
		"changing what is not in flight is refused":             changeNotInFlight,
		"a stale handle deletes nothing":                        staleHandle,
		"the latest handle deletes after its timeout":           lateDelete,
		"a handle that never was is refused":                    garbageHandle,
		"deleting twice is fine":                                deleteTwice,
		"a delayed message comes late":                          delay,
		"a queue's delay is for all its messages":               queueDelay,
		"what fails too often goes to the dead-letter queue":    deadLetter,
		"a receive takes ten at most":                           limit,
		"a long poll ends when a message arrives":               longPoll,
		"a long poll ends empty":                                longPollEmpty,
		"a long poll sees a message become visible":             longPollVisible,
		"a batch succeeds in part":                              sendBatch,
		"a batch that cannot be read is refused as a whole":     badBatches,
		"a batch delete succeeds in part":                       deleteBatch,
		"a queue that is not there is told":                     noQueue,
		"a queue can be made again only as it is":               createTwice,
		"bad attributes of a queue are refused":                 badAttributes,
		"attributes tell settings and counts":                   queueAttributes,
		"characters beyond the basic plane are taken":           astral,
		"a name that is none is refused":                        badName,
		"a delay over 15 minutes is refused":                    badDelay,
		"bad messages are refused":                              badMessages,
		"a purged queue is empty":                               purge,
		"queues are listed by prefix":                           list,
		"messages are shared out once among concurrent readers": concurrent,
		"a queue without a timeout does not hide":               visibilityZero,
	} {
		t.Run(name, func(t *testing.T) {
			if why, ok := deviations[name]; ok {
				t.Skip("SKIPPED: " + why)
			}
			t.Parallel()
			test(t, service{client})
		})
	}
}

// service is a client with the steps that the tests share.
type service struct{ *sqs.Client }

// queue makes a queue with a name of its own. Attributes are given as name, value, name, value …
func (s service) queue(t *testing.T, attributes ...string) string {
	t.Helper()
	named := map[string]string{}
	for i := 0; i+1 < len(attributes); i += 2 {
		named[attributes[i]] = attributes[i+1]
	}
	out, err := s.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(newName()), Attributes: named})
	if err != nil {
		t.Fatalf("CreateQueue: %v", err)
	}
	return *out.QueueUrl
}

func newName() string { return "conformance-" + strings.ToLower(rand.Text()) }

func (s service) send(t *testing.T, queue, body string) *sqs.SendMessageOutput {
	t.Helper()
	out, err := s.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &queue, MessageBody: &body})
	if err != nil {
		t.Fatalf("SendMessage: %v", err)
	}
	return out
}

// receive takes up to ten messages with all their attributes, waiting for the first up to wait seconds.
func (s service) receive(t *testing.T, queue string, wait int32) []types.Message {
	t.Helper()
	out, err := s.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: &queue, MaxNumberOfMessages: 10, WaitTimeSeconds: wait,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		MessageAttributeNames:       []string{"All"},
	})
	if err != nil {
		t.Fatalf("ReceiveMessage: %v", err)
	}
	return out.Messages
}

func (s service) receiveOne(t *testing.T, queue string, wait int32) types.Message {
	t.Helper()
	messages := s.receive(t, queue, wait)
	if len(messages) != 1 {
		t.Fatalf("received %d messages, want 1", len(messages))
	}
	return messages[0]
}

func (s service) wantEmpty(t *testing.T, queue string) {
	t.Helper()
	if messages := s.receive(t, queue, 0); len(messages) != 0 {
		t.Fatalf("received %d messages, want none", len(messages))
	}
}

func (s service) delete(t *testing.T, queue string, handle *string) {
	t.Helper()
	if _, err := s.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &queue, ReceiptHandle: handle}); err != nil {
		t.Fatalf("DeleteMessage: %v", err)
	}
}

func (s service) arn(t *testing.T, queue string) string {
	t.Helper()
	return s.attribute(t, queue, types.QueueAttributeNameQueueArn)
}

func (s service) attribute(t *testing.T, queue string, name types.QueueAttributeName) string {
	t.Helper()
	out, err := s.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &queue, AttributeNames: []types.QueueAttributeName{name},
	})
	if err != nil {
		t.Fatalf("GetQueueAttributes: %v", err)
	}
	return out.Attributes[string(name)]
}

func count(m types.Message) string {
	return m.Attributes[string(types.MessageSystemAttributeNameApproximateReceiveCount)]
}

// sleep waits longer than a timeout of whole seconds by a margin for slow machines.
func sleep(t *testing.T, seconds int) {
	t.Helper()
	select {
	case <-time.After(time.Duration(seconds)*time.Second + 150*time.Millisecond):
	case <-t.Context().Done():
		t.Fatal(context.Cause(t.Context()))
	}
}
