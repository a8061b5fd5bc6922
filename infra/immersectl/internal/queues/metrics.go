package queues

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// metricsWindow is how far back to look: SQS reports each minute, with some delay.
const metricsWindow = 10 * time.Minute

// ageQuery asks for the age of the oldest message of a queue, in seconds.
func ageQuery(index int, queue string) types.MetricDataQuery {
	return types.MetricDataQuery{
		Id: aws.String(fmt.Sprintf("q%d", index)),
		MetricStat: &types.MetricStat{
			Metric: &types.Metric{
				Namespace: aws.String("AWS/SQS"), MetricName: aws.String("ApproximateAgeOfOldestMessage"),
				Dimensions: []types.Dimension{{Name: aws.String("QueueName"), Value: aws.String(queue)}},
			},
			Period: aws.Int32(60), Stat: aws.String("Maximum"),
		},
	}
}
