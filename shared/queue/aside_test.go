package queue_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/queue"
)

// lying answers with what lies in each queue: visible and in flight.
type lying map[string][2]string

func (l lying) GetQueueAttributes(_ context.Context, in *sqs.GetQueueAttributesInput, _ ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	found, ok := l[*in.QueueUrl]
	if !ok {
		return nil, errors.New("no such queue")
	}
	return &sqs.GetQueueAttributesOutput{Attributes: map[string]string{
		"ApproximateNumberOfMessages": found[0], "ApproximateNumberOfMessagesNotVisible": found[1],
	}}, nil
}

func TestCountsWhatLiesAside(t *testing.T) {
	urls, err := queue.URLs("https://sqs/1/empty,https://sqs/1/one,https://sqs/1/looked-at,https://sqs/1/gone,https://sqs/1/odd")
	if err != nil {
		t.Fatal(err)
	}
	aside := queue.Aside{URLs: urls, Client: lying{
		"https://sqs/1/empty": {"0", "0"}, "https://sqs/1/one": {"1", "0"}, "https://sqs/1/looked-at": {"2", "3"}, "https://sqs/1/odd": {"", "0"},
	}}
	found, err := aside.Count(t.Context())
	if diff := cmp.Diff(map[string]int{"one": 1, "looked-at": 5}, found); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if err == nil || !strings.Contains(err.Error(), "gone") || !strings.Contains(err.Error(), "odd") {
		t.Errorf("the error %v doesn't name both that could not be counted", err)
	}
}

func TestOddAddressesOfQueues(t *testing.T) {
	for _, list := range []string{"", "https://sqs/1/a,", "https://sqs/1/a,b", "https://sqs/1/a, %"} {
		if urls, err := queue.URLs(list); err == nil {
			t.Errorf("%q is read as %v", list, urls)
		}
	}
}
