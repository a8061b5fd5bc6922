package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The list of what waits for authorities' next digests: one partition, "digest#<country>", in the order of the authorities. As
// with the other lists (open.go, due.go), an entry is written before the ledger says that the mail waits, and struck off after
// it was told: there may be too many for a moment, never too few.

// A WaitingMail is a mail that goes with its authority's next digest: ids and a time, nothing else.
type WaitingMail struct {
	Organization string    `dynamodbav:"organization"`
	Reference    string    `dynamodbav:"application"`
	Mail         string    `dynamodbav:"mail"`        // its id in the application's ledger
	At           time.Time `dynamodbav:"at,unixtime"` // since when
}

func waitingList(country string) string { return "digest#" + country }

// digestOf stands for an id of any length and characters in a key.
func digestOf(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:8])
}

// place is where it stands in the list.
func (w WaitingMail) place() string {
	return digestOf(w.Organization) + "#" + w.Reference + "#" + w.Mail
}

// Wait puts a mail on the list. Doing so again changes nothing: it waits since it first did.
func (s *Store) Wait(ctx context.Context, country string, w WaitingMail) error {
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(waitingList(country), w.place()),
		UpdateExpression: aws.String(
			"SET #organization = :organization, #application = :application, #mail = :mail, #at = if_not_exists(#at, :at), #expires = :expires"),
		ExpressionAttributeNames: map[string]string{
			"#organization": "organization", "#application": "application", "#mail": "mail", "#at": "at", "#expires": "expires",
		},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":organization": text(w.Organization), ":application": text(w.Reference), ":mail": text(w.Mail), ":at": unix(w.At),
			":expires": unix(s.Now().Add(s.Retention)), // for want of anybody who strikes it off
		},
	})
	if err != nil {
		return fmt.Errorf("putting %s of %s on the list of a digest: %w", w.Mail, w.Reference, err)
	}
	return nil
}

// Waiting lists a page of what waits, by authority; organization is whose, or empty for everybody's. It begins behind a place; "" is
// the beginning. next is the place to go on from; empty: there are no more.
func (s *Store) Waiting(ctx context.Context, country, organization, after string, limit int32) (page []WaitingMail, next string, err error) {
	in := &dynamodb.QueryInput{
		TableName: aws.String(s.Applications), Limit: aws.Int32(limit), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#reference = :list"),
		ExpressionAttributeNames:  map[string]string{"#reference": "reference"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":list": text(waitingList(country))},
	}
	if organization != "" {
		in.KeyConditionExpression = aws.String("#reference = :list AND begins_with(#item, :organization)")
		in.ExpressionAttributeNames["#item"] = "item"
		in.ExpressionAttributeValues[":organization"] = text(digestOf(organization) + "#")
	}
	if after != "" {
		in.ExclusiveStartKey = itemKey(waitingList(country), after)
	}
	answer, err := s.Client.Query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("listing what waits for digests: %w", err)
	}
	if err := attributevalue.UnmarshalListOfMaps(answer.Items, &page); err != nil {
		return nil, "", fmt.Errorf("decoding what waits for digests: %w", err)
	}
	for i := range page {
		page[i].At = page[i].At.UTC()
	}
	if place, ok := answer.LastEvaluatedKey["item"].(*types.AttributeValueMemberS); ok {
		next = place.Value
	}
	return page, next, nil
}

// Strike takes a mail off the list: it was told, or nobody needs it any more. Doing so again changes nothing.
func (s *Store) Strike(ctx context.Context, country string, w WaitingMail) error {
	_, err := s.Client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(waitingList(country), w.place()),
	})
	if err != nil {
		return fmt.Errorf("striking %s of %s off the list of a digest: %w", w.Mail, w.Reference, err)
	}
	return nil
}
