package store

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// A Counting is how far the figures of a quarter were counted (package figures), and what was counted: numbers of groups of any size,
// which nobody may see. It is here, where figures are not read from, and gone when the quarter is published.
type Counting struct {
	Version int    `dynamodbav:"version"` // of this item; 0: nobody counts
	Period  string `dynamodbav:"period"`
	Night   string `dynamodbav:"night"` // in which it was begun
	Day     string `dynamodbav:"day"`   // of appointments, to go on with
	Shard   int    `dynamodbav:"shard"`
	After   string `dynamodbav:"after"`
	Counts  []byte `dynamodbav:"counts"`
}

func countings(country string) string { return "figures#" + country }

const (
	countingItem = "counting"
	countingTime = 14 * 24 * time.Hour // for want of anybody who goes on
)

// Counting reads how far was counted.
func (s *Store) Counting(ctx context.Context, country string) (Counting, error) {
	items, err := s.items(ctx, countings(country))
	var found Counting
	if err == nil && items[countingItem] != nil {
		err = attributevalue.UnmarshalMap(items[countingItem], &found)
	}
	if err != nil {
		return Counting{}, fmt.Errorf("reading how far figures were counted: %w", err)
	}
	return found, nil
}

// Count records how far was counted since it was read. The error wraps ErrState if another has counted on.
func (s *Store) Count(ctx context.Context, country string, found, now Counting) error {
	now.Version = found.Version + 1
	set, err := attributevalue.MarshalMap(now)
	if err != nil {
		return fmt.Errorf("encoding how far figures were counted: %w", err)
	}
	names := map[string]string{"#expires": "expires"}
	values := map[string]types.AttributeValue{":found": number(found.Version), ":expires": unix(s.Now().Add(countingTime))}
	expression := "SET #expires = :expires"
	for name, value := range set {
		names["#"+name], values[":"+name] = name, value
		expression += ", #" + name + " = :" + name
	}
	condition := "#version = :found"
	if found.Version == 0 {
		condition = "attribute_not_exists(#version)"
		delete(values, ":found")
	}
	_, err = s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(countings(country), countingItem),
		UpdateExpression: aws.String(expression), ConditionExpression: aws.String(condition),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	})
	if err := conditionFailed(err, ErrState); err != nil {
		return fmt.Errorf("recording how far figures were counted: %w", err)
	}
	return nil
}

// Counted forgets what was counted. Doing so again changes nothing.
func (s *Store) Counted(ctx context.Context, country string) error {
	_, err := s.Client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(countings(country), countingItem),
	})
	if err != nil {
		return fmt.Errorf("forgetting what was counted: %w", err)
	}
	return nil
}
