package queues_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/miict/immerse/infra/immersectl/internal/queues"
)

// failing is a dead-letter queue of which every message fails again at once and comes back under its new id. The tests
// against the laptop's SQS are the command's.
type failing struct {
	queues.SQS
	waiting   []types.Message
	sent      int
	shown     int
	deleteErr error
}

func (f *failing) ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	n := min(10, len(f.waiting))
	taken := f.waiting[:n]
	f.waiting = f.waiting[n:]
	return &sqs.ReceiveMessageOutput{Messages: taken}, nil
}

func (f *failing) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	f.sent++
	id := aws.String(fmt.Sprint("new-", f.sent))
	f.waiting = append(f.waiting, types.Message{MessageId: id, Body: in.MessageBody, ReceiptHandle: id})
	return &sqs.SendMessageOutput{MessageId: id}, nil
}

func (f *failing) DeleteMessage(context.Context, *sqs.DeleteMessageInput, ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error) {
	return &sqs.DeleteMessageOutput{}, f.deleteErr
}

func (f *failing) ChangeMessageVisibility(context.Context, *sqs.ChangeMessageVisibilityInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error) {
	f.shown++
	return &sqs.ChangeMessageVisibilityOutput{}, nil
}

var (
	dead = queues.Queue{Name: "work-dlq", Sources: []string{"work"}}
	all  = []queues.Queue{dead, {Name: "work", URL: "http://q/work"}}
)

func letters(n int) (messages []types.Message) {
	for i := range n {
		id := aws.String(fmt.Sprint("old-", i))
		messages = append(messages, types.Message{MessageId: id, ReceiptHandle: id, Body: aws.String("{}")})
	}
	return messages
}

func TestRedriveEndsAlthoughEverythingFailsAgain(t *testing.T) {
	f := &failing{waiting: letters(14)}
	moved := 0
	err := (&queues.Country{Client: f}).Redrive(t.Context(), dead, all, 0, func(queues.Letter) { moved++ })
	if err != nil || moved != 14 || f.sent != 14 || f.shown == 0 {
		t.Errorf("%v: %d moved, %d sent, %d put back", err, moved, f.sent, f.shown)
	}
}

func TestRedriveStopsAtTheFirstFailureAndLosesNothing(t *testing.T) {
	refused := errors.New("refused")
	f := &failing{waiting: letters(3), deleteErr: refused}
	err := (&queues.Country{Client: f}).Redrive(t.Context(), dead, all, 0, func(queues.Letter) {})
	if !errors.Is(err, refused) || f.sent != 1 || f.shown != 3 {
		t.Errorf("%v: %d sent, %d put back", err, f.sent, f.shown)
	}
}

func TestAMessageOfUnknownOriginIsNotMoved(t *testing.T) {
	f := &failing{waiting: letters(1)}
	of := queues.Queue{Name: "work-dlq", Sources: []string{"work", "other"}}
	err := (&queues.Country{Client: f}).Redrive(t.Context(), of, all, 0, func(queues.Letter) {})
	if err == nil || !strings.Contains(err.Error(), "work, other") || f.sent != 0 {
		t.Errorf("%v, %d sent", err, f.sent)
	}
	f.waiting = letters(1)
	f.waiting[0].Attributes = map[string]string{"DeadLetterQueueSourceArn": "arn:aws:sqs:eu-south-2:1:work"}
	if err := (&queues.Country{Client: f}).Redrive(t.Context(), of, all, 1, func(queues.Letter) {}); err != nil || f.sent != 1 {
		t.Errorf("%v, %d sent", err, f.sent)
	}
}

type metrics map[string]float64

func (m metrics) GetMetricData(_ context.Context, in *cloudwatch.GetMetricDataInput, _ ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error) {
	out := &cloudwatch.GetMetricDataOutput{}
	for _, query := range in.MetricDataQueries {
		result := cwtypes.MetricDataResult{Id: query.Id}
		if age, ok := m[*query.MetricStat.Metric.Dimensions[0].Value]; ok {
			result.Values = []float64{age, 7}
		}
		out.MetricDataResults = append(out.MetricDataResults, result)
	}
	return out, nil
}

func TestAgesComeFromCloudWatchForQueuesThatHoldSomething(t *testing.T) {
	list := []queues.Queue{{Name: "a", Visible: 1}, {Name: "b"}, {Name: "c", InFlight: 2}}
	country := &queues.Country{Metrics: metrics{"a": 61, "b": 5}}
	if err := country.Ages(t.Context(), list, time.Now()); err != nil {
		t.Fatal(err)
	}
	if list[0].OldestSeconds == nil || *list[0].OldestSeconds != 61 || list[1].OldestSeconds != nil || list[2].OldestSeconds != nil {
		t.Errorf("%+v", list)
	}
}
