package queue

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Attributes is what counting needs of the AWS client.
type Attributes interface {
	GetQueueAttributes(ctx context.Context, in *sqs.GetQueueAttributesInput, options ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// Aside counts what was put aside in dead-letter queues.
type Aside struct {
	Client Attributes
	URLs   []string
}

// URLs reads a list of queues' addresses, separated by commas.
func URLs(list string) ([]string, error) {
	urls := strings.Split(list, ",")
	for _, each := range urls {
		if parsed, err := url.Parse(each); err != nil || parsed.Host == "" {
			return nil, fmt.Errorf("%q is no queue's address", each)
		}
	}
	return urls, nil
}

// Count gives how many messages lie in each queue that has any, by the queue's name; those that somebody looks at just now count as
// well. What could be counted is given beside an error that names what could not.
func (a *Aside) Count(ctx context.Context) (map[string]int, error) {
	found := map[string]int{}
	var failed []error
	for _, each := range a.URLs {
		lie, err := a.count(ctx, each)
		switch {
		case err != nil:
			failed = append(failed, fmt.Errorf("counting what lies in %s: %w", path.Base(each), err))
		case lie > 0:
			found[path.Base(each)] = lie
		}
	}
	return found, errors.Join(failed...)
}

func (a *Aside) count(ctx context.Context, queue string) (int, error) {
	names := []types.QueueAttributeName{
		types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
	}
	answer, err := a.Client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: aws.String(queue), AttributeNames: names})
	if err != nil {
		return 0, err
	}
	sum := 0
	for _, name := range names {
		number, err := strconv.Atoi(answer.Attributes[string(name)])
		if err != nil {
			return 0, fmt.Errorf("%s is %q", name, answer.Attributes[string(name)])
		}
		sum += number
	}
	return sum, nil
}
