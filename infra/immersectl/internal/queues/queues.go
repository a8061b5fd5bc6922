// Package queues looks at the queues of one country, and moves what failed back to where it can succeed.
package queues

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// SQS is what is needed of the AWS client.
type SQS interface {
	ListQueues(ctx context.Context, in *sqs.ListQueuesInput, options ...func(*sqs.Options)) (*sqs.ListQueuesOutput, error)
	GetQueueAttributes(ctx context.Context, in *sqs.GetQueueAttributesInput, options ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
	ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, options ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	ChangeMessageVisibility(ctx context.Context, in *sqs.ChangeMessageVisibilityInput, options ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error)
	SendMessage(ctx context.Context, in *sqs.SendMessageInput, options ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	DeleteMessage(ctx context.Context, in *sqs.DeleteMessageInput, options ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error)
}

// Metrics is what is needed of CloudWatch.
type Metrics interface {
	GetMetricData(ctx context.Context, in *cloudwatch.GetMetricDataInput, options ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error)
}

// Country is where the queues of one country are.
type Country struct {
	Client  SQS
	Metrics Metrics // nil where there are none
	Prefix  string  // of the queues' names
}

// Queue is one queue and how many messages it holds, as far as SQS knows: its counts are approximate.
type Queue struct {
	Name     string `json:"name"`
	URL      string `json:"-"`
	ARN      string `json:"-"`
	Visible  int    `json:"visible"`
	InFlight int    `json:"in_flight"`
	Delayed  int    `json:"delayed"`
	// OldestSeconds is the age of the oldest message, nil when it is not known.
	OldestSeconds *int `json:"oldest_seconds"`
	// DeadLetters is the name of the queue that takes what fails here, empty for none.
	DeadLetters string `json:"dead_letters,omitempty"`
	// Sources are the names of the queues whose failures this one takes.
	Sources []string `json:"sources,omitempty"`
}

// Dead tells whether this is a dead-letter queue: another one names it, or it is called so.
func (q Queue) Dead() bool { return len(q.Sources) > 0 || strings.HasSuffix(q.Name, "-dlq") }

// Messages is how many there are in all.
func (q Queue) Messages() int { return q.Visible + q.InFlight + q.Delayed }

// ErrNone is the error of List when there is no queue at all: the country is not deployed where one looks.
var ErrNone = errors.New("there are no queues")

// List gives the country's queues, by name.
func (c *Country) List(ctx context.Context) ([]Queue, error) {
	var list []Queue
	pages := sqs.NewListQueuesPaginator(c.Client, &sqs.ListQueuesInput{
		QueueNamePrefix: aws.String(c.Prefix), MaxResults: aws.Int32(1000),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the queues: %w", err)
		}
		for _, url := range page.QueueUrls {
			q, err := c.look(ctx, url)
			if err != nil {
				return nil, err
			}
			list = append(list, q)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w named %s…", ErrNone, c.Prefix)
	}
	slices.SortFunc(list, func(a, b Queue) int { return strings.Compare(a.Name, b.Name) })
	connect(list)
	return list, nil
}

// look asks for the attributes of one queue.
func (c *Country) look(ctx context.Context, url string) (Queue, error) {
	answer, err := c.Client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: aws.String(url), AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	if err != nil {
		return Queue{}, fmt.Errorf("looking at queue %s: %w", path.Base(url), err)
	}
	count := func(name types.QueueAttributeName) int {
		n, _ := strconv.Atoi(answer.Attributes[string(name)]) // SQS writes numbers
		return n
	}
	var redrive struct {
		Target string `json:"deadLetterTargetArn"`
	}
	if policy := answer.Attributes[string(types.QueueAttributeNameRedrivePolicy)]; policy != "" {
		if err := json.Unmarshal([]byte(policy), &redrive); err != nil {
			return Queue{}, fmt.Errorf("redrive policy of %s: %w", path.Base(url), err)
		}
	}
	return Queue{
		Name: path.Base(url), URL: url, ARN: answer.Attributes[string(types.QueueAttributeNameQueueArn)],
		Visible:     count(types.QueueAttributeNameApproximateNumberOfMessages),
		InFlight:    count(types.QueueAttributeNameApproximateNumberOfMessagesNotVisible),
		Delayed:     count(types.QueueAttributeNameApproximateNumberOfMessagesDelayed),
		DeadLetters: redrive.Target[strings.LastIndexByte(redrive.Target, ':')+1:],
	}, nil
}

// connect tells each dead-letter queue whose failures it takes.
func connect(list []Queue) {
	for _, source := range list {
		for i := range list {
			if list[i].Name == source.DeadLetters {
				list[i].Sources = append(list[i].Sources, source.Name)
			}
		}
	}
}

// Ages fills in the age of each queue's oldest message from CloudWatch, where there is one. A queue that SQS has counted
// empty has none.
func (c *Country) Ages(ctx context.Context, list []Queue, now time.Time) error {
	if c.Metrics == nil {
		return nil
	}
	in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(now.Add(-metricsWindow)), EndTime: aws.Time(now)}
	for i, q := range list {
		in.MetricDataQueries = append(in.MetricDataQueries, ageQuery(i, q.Name))
	}
	answer, err := c.Metrics.GetMetricData(ctx, in)
	if err != nil {
		return fmt.Errorf("asking CloudWatch for the ages: %w", err)
	}
	for _, result := range answer.MetricDataResults {
		i, err := strconv.Atoi(strings.TrimPrefix(aws.ToString(result.Id), "q"))
		if err != nil || i < 0 || i >= len(list) || len(result.Values) == 0 || list[i].Messages() == 0 {
			continue
		}
		list[i].OldestSeconds = aws.Int(int(result.Values[0])) // the newest first
	}
	return nil
}
