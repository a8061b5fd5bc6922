// Package store keeps applications, their mails and the people's keys in DynamoDB.
//
// Two tables, so that they can be kept and backed up differently:
//
//	applications   reference (partition) + item (sort)
//	                 item "application"   the application: clear fields, sealed parts, audit trail
//	                 item "ledger"        what was sent: each e-mail sending → sent | failed, and that all have ended;
//	                                      what became of each referral, with its lines of the audit trail
//	                 item "reply#<id>"    what the person answered to a question (person.go)
//	               "open#<country>" + place         the open applications, in the order of their waiting (open.go)
//	               "inboxes#<country>" + address         inboxes that nothing reaches (inbox.go)
//	keys           id (partition)
//	                 id random            the keys of one person (package vault)
//	                 id "root#<opener>"   the root keyset of an opener
//
//	               "due#<country>#<day>#<shard>" + reference   when referrals are looked at next (due.go)
//	               "sweep#<country>"                how far what is due was gone through
//	               "digest#<country>" + authority, mail   what waits for an authority's next digest (waiting.go)
//	               "digests#<country>" + key        each digest: sending → sent | failed, and what it told (digest.go)
//	               "erased#<country>" + digest      that the time of an application was over, and it was erased
//
// In the clear are the reference, country, state, needs and times (design §7), all else is sealed. Items expire by TTL;
// as DynamoDB deletes them within days only, an expired one counts as not there.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Errors of this package; each is wrapped with what was being done.
var (
	ErrNotFound    = errors.New("not found")
	ErrExists      = errors.New("exists already")
	ErrState       = errors.New("not in the state for this")
	ErrMailClaimed = errors.New("mails are being sent by another")
)

// DynamoDB is what the store needs of the AWS client.
type DynamoDB interface {
	GetItem(ctx context.Context, in *dynamodb.GetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	DeleteItem(ctx context.Context, in *dynamodb.DeleteItemInput, options ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
	Query(ctx context.Context, in *dynamodb.QueryInput, options ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
}

// A Store reads and writes the tables of one country.
type Store struct {
	Client       DynamoDB
	Applications string        // table name
	KeysTable    string        // table name
	Retention    time.Duration // how long after submission everything about an application is gone
	Now          func() time.Time
}

// get reads one item consistently into out. The error wraps ErrNotFound if it isn't there or has expired.
func (s *Store) get(ctx context.Context, table string, key map[string]types.AttributeValue, out any) error {
	answer, err := s.Client.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(table), Key: key, ConsistentRead: aws.Bool(true)})
	if err != nil {
		return err
	}
	if len(answer.Item) == 0 || s.expired(answer.Item) {
		return ErrNotFound
	}
	if err := attributevalue.UnmarshalMap(answer.Item, out); err != nil {
		return fmt.Errorf("decoding: %w", err)
	}
	return nil
}

// An item of a table, as it is stored.
type item = map[string]types.AttributeValue

// items reads all items of an application consistently, by their sort key, without those that have expired. They are few
// and small, so that one page holds them.
func (s *Store) items(ctx context.Context, reference string) (map[string]item, error) {
	answer, err := s.Client.Query(ctx, &dynamodb.QueryInput{
		TableName: aws.String(s.Applications), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#reference = :reference"),
		ExpressionAttributeNames:  map[string]string{"#reference": "reference"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":reference": text(reference)},
	})
	if err != nil {
		return nil, err
	}
	found := map[string]item{}
	for _, item := range answer.Items {
		if key, ok := item["item"].(*types.AttributeValueMemberS); ok && !s.expired(item) {
			found[key.Value] = item
		}
	}
	return found, nil
}

// expired tells whether an item's time is over, though DynamoDB may not have deleted it yet.
func (s *Store) expired(item map[string]types.AttributeValue) bool {
	var life struct {
		Expires int64 `dynamodbav:"expires"`
	}
	err := attributevalue.UnmarshalMap(item, &life)
	return err != nil || life.Expires != 0 && life.Expires <= s.Now().Unix()
}

// put writes an item, whatever was there.
func (s *Store) put(ctx context.Context, table string, item any) error {
	encoded, err := attributevalue.MarshalMap(item)
	if err != nil {
		return fmt.Errorf("encoding: %w", err)
	}
	_, err = s.Client.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(table), Item: encoded})
	return err
}

// create puts an item that must not be there yet, without some of its attributes. The error wraps ErrExists if it is.
func (s *Store) create(ctx context.Context, table, keyName string, item any, without ...string) error {
	encoded, err := attributevalue.MarshalMap(item)
	if err != nil {
		return fmt.Errorf("encoding: %w", err)
	}
	for _, name := range without {
		delete(encoded, name)
	}
	_, err = s.Client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(table), Item: encoded,
		ConditionExpression: aws.String("attribute_not_exists(#key)"), ExpressionAttributeNames: map[string]string{"#key": keyName},
	})
	return conditionFailed(err, ErrExists)
}

// conditionFailed gives meaning to DynamoDB's refusal of a condition.
func conditionFailed(err, meaning error) error {
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return meaning
	}
	return err
}

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

func itemKey(reference, item string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"reference": text(reference), "item": text(item)}
}
