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

	"github.com/miict/immerse/shared/referral"
)

// A DeadInbox is an authority's inbox that nothing should be sent to any more: it does not exist, or whoever reads it wants no
// more. Its address is the catalogue's, which is public. Once the catalogue has another, mail goes there.
type DeadInbox struct {
	Address      string        `dynamodbav:"item" json:"address"`
	Organization string        `dynamodbav:"organization" json:"organization"` // id
	Since        time.Time     `dynamodbav:"since,unixtime" json:"since"`
	Fact         referral.Fact `dynamodbav:"fact" json:"fact"` // what was reported
	Report       string        `dynamodbav:"report" json:"-"`  // SES's id of the mail that it was reported of
}

// ComplaintPause is for how long nothing is sent to an inbox of which somebody complained.
const ComplaintPause = 7 * 24 * time.Hour

// Until is when an inbox is written to again by itself: a week after a complaint, which may have been a slip of one of those who read
// it. It is zero for one that mail can't reach: that takes another address, or an operator who revives it.
func (d DeadInbox) Until() time.Time {
	if d.Fact != referral.Complained {
		return time.Time{}
	}
	return d.Since.Add(ComplaintPause)
}

// Closed tells whether nothing should be sent there at a moment.
func (d DeadInbox) Closed(now time.Time) bool { return d.Until().IsZero() || now.Before(d.Until()) }

func inboxes(country string) string { return "inboxes#" + country }

// Bury records that an inbox is dead. first tells whether that begins an incident: it was not known, or this
// very report has begun it and is repeated, or it was written to again after a complaint, or mail can't reach an inbox that was only
// complained of.
func (s *Store) Bury(ctx context.Context, country string, dead DeadInbox) (first bool, err error) {
	encoded, err := attributevalue.MarshalMap(dead)
	if err != nil {
		return false, fmt.Errorf("encoding an inbox of %s: %w", dead.Organization, err)
	}
	over := dead.Since.Add(-ComplaintPause) // of a complaint before that the pause is over
	if dead.Fact != referral.Complained {
		over = dead.Since.Add(s.Retention) // whenever it was
	}
	_, err = s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(inboxes(country), dead.Address),
		UpdateExpression: aws.String(
			"SET #organization = :organization, #since = :since, #fact = :fact, #report = :report, #expires = :expires"),
		ConditionExpression: aws.String("attribute_not_exists(#report) OR #report = :report OR (#fact = :complained AND #since < :over)"),
		ExpressionAttributeNames: map[string]string{
			"#organization": "organization", "#since": "since", "#fact": "fact", "#report": "report", "#expires": "expires",
		},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":expires": unix(s.Now().Add(s.Retention)), ":organization": encoded["organization"], ":since": encoded["since"], ":fact": encoded["fact"], ":report": encoded["report"],
			":complained": text(string(referral.Complained)), ":over": unix(over),
		},
	})
	err = conditionFailed(err, ErrExists)
	if errors.Is(err, ErrExists) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("recording the dead inbox of %s: %w", dead.Organization, err)
	}
	return true, nil
}

// DeadInboxes lists those of a country, by address. A page holds them all: they are few, as each is an incident.
func (s *Store) DeadInboxes(ctx context.Context, country string) ([]DeadInbox, error) {
	answer, err := s.Client.Query(ctx, &dynamodb.QueryInput{
		TableName: aws.String(s.Applications), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#reference = :list"),
		ExpressionAttributeNames:  map[string]string{"#reference": "reference"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":list": text(inboxes(country))},
	})
	if err != nil {
		return nil, fmt.Errorf("listing dead inboxes: %w", err)
	}
	found := make([]DeadInbox, len(answer.Items))
	if err := attributevalue.UnmarshalListOfMaps(answer.Items, &found); err != nil {
		return nil, fmt.Errorf("decoding dead inboxes: %w", err)
	}
	for i := range found {
		found[i].Since = found[i].Since.UTC()
	}
	return found, nil
}

// Revive takes an inbox off the list: it was found to work again. Doing so again changes nothing.
func (s *Store) Revive(ctx context.Context, country, address string) error {
	_, err := s.Client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(inboxes(country), address),
	})
	if err != nil {
		return fmt.Errorf("reviving %s: %w", address, err)
	}
	return nil
}
