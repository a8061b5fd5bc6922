package places

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// errRace is for a write that somebody was quicker than.
var errRace = errors.New("somebody else has changed the places")

const (
	keyName     = "service"
	versionName = "version"
)

// read gives a service's item as it is now; one that isn't there is empty. Holds that are over may be in it.
func (p *Places) read(ctx context.Context, id string) (ledger, error) {
	answer, err := p.Client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: aws.String(p.Table), ConsistentRead: aws.Bool(true),
		Key: map[string]types.AttributeValue{keyName: &types.AttributeValueMemberS{Value: id}},
	})
	if err != nil {
		return ledger{}, err
	}
	var l ledger
	if err := attributevalue.UnmarshalMap(answer.Item, &l); err != nil {
		return ledger{}, fmt.Errorf("decoding: %w", err)
	}
	if l.Held == nil {
		l.Held = map[string]hold{}
	}
	return l, nil
}

// row is an item as it is written.
type row struct {
	ID      string `dynamodbav:"service"`
	Expires int64  `dynamodbav:"expires,omitempty"` // seconds since 1970
	ledger
}

// write replaces a service's item, if it still has the version that was read. The error is errRace if not. A write whose
// answer was lost is repeated by the SDK and then refused by what it did itself: the rule is applied again and finds
// everything as it should be.
func (p *Places) write(ctx context.Context, id string, l ledger, version int64) error {
	// Never a number of former times: when the item has expired, counting would begin anew, and a late writer be deceived.
	l.Version = max(version+1, p.Now().UnixMicro())
	if len(l.Held) == 0 {
		l.Held = nil // left out: minidyn v0.8.0 loses the type of an empty map
	}
	item, err := attributevalue.MarshalMap(row{id, l.last(), l})
	if err != nil {
		return fmt.Errorf("encoding: %w", err)
	}
	in := &dynamodb.PutItemInput{
		TableName: aws.String(p.Table), Item: item, ConditionExpression: aws.String("attribute_not_exists(#version)"),
		ExpressionAttributeNames: map[string]string{"#version": versionName},
	}
	if version > 0 {
		in.ConditionExpression = aws.String("#version = :version")
		in.ExpressionAttributeValues = map[string]types.AttributeValue{
			":version": &types.AttributeValueMemberN{Value: fmt.Sprint(version)},
		}
	}
	_, err = p.Client.PutItem(ctx, in)
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return errRace
	}
	return err
}
