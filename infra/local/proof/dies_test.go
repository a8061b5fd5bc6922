package proof

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/shared/store/storetest"
)

// dies kills a function, and then so much time passes that nobody waits for it: what it held is free, and the messages that it had
// come back. The functions' timeouts leave a slow machine time enough; really waiting for what outlives those would take minutes
// at each of a hundred deaths. That nobody is let in before is shown where clocks are moved: functions/notification.
func (s *system) dies(function string) {
	if function == "notification" {
		// Before it is dead, as whoever starts after it may hold something too. It makes no call any more: it waits for one's answer.
		if err := s.free(context.Background()); err != nil {
			panic(err) // the stand-in for DynamoDB is in this process
		}
	}
	s.Kill(function)
	s.gone.Add(int64(visibility))
	s.Queues.Wake()
}

// free has every lease of the applications table be over.
func (s *system) free(ctx context.Context) error {
	client, table := storetest.Client(s.URL), "immerse-"+s.code+"-applications"
	now := strconv.FormatInt(time.Now().Unix(), 10)
	held := dynamodb.NewScanPaginator(client, &dynamodb.ScanInput{
		TableName: &table, FilterExpression: aws.String("#lease > :now"), ExpressionAttributeNames: map[string]string{"#lease": "lease"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":now": &types.AttributeValueMemberN{Value: now}},
	})
	for held.HasMorePages() {
		page, err := held.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("looking for leases: %w", err)
		}
		for _, item := range page.Items {
			_, err := client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
				TableName: &table, Key: map[string]types.AttributeValue{"reference": item["reference"], "item": item["item"]},
				UpdateExpression: aws.String("SET #lease = :now"), ConditionExpression: aws.String("#lease = :found"),
				ExpressionAttributeNames:  map[string]string{"#lease": "lease"},
				ExpressionAttributeValues: map[string]types.AttributeValue{":now": &types.AttributeValueMemberN{Value: now}, ":found": item["lease"]},
			})
			var given *types.ConditionalCheckFailedException // back, meanwhile
			if err != nil && !errors.As(err, &given) {
				return fmt.Errorf("ending a lease: %w", err)
			}
		}
	}
	return nil
}
