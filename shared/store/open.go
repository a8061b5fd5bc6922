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

// The list of open applications: those for which there may be more to find, as a need has fewer matches than are told, or a
// service had no place. It is one partition of the applications table, "open#<country>", with a small item for each; an
// application for which everything was found is not in it and costs nothing there.
//
// An entry is written before the application that it lists says so (open_since), and deleted after it no longer does: the list
// may have too many for a moment, never too few. Whoever goes through it deletes what the applications don't confirm.

// An OpenEntry is an application in the list.
type OpenEntry struct {
	Reference string   `dynamodbav:"application"`
	Place     string   `dynamodbav:"item"` // when it was first open, and its reference: where it stands in the list
	Needs     []string `dynamodbav:"needs"`
}

func openList(country string) string { return "open#" + country }

// OpenSince is a place in the list: before everybody who is in it since then or later.
func OpenSince(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// list writes the entry of an application and gives its place, which stays the one that it had.
func (s *Store) list(ctx context.Context, a Application, at time.Time) (place string, err error) {
	if a.OpenSince != "" {
		return a.OpenSince, nil
	}
	place = OpenSince(at) + " " + a.Reference
	values, err := attributevalue.MarshalMap(map[string]any{
		":application": a.Reference, ":needs": a.Needs, ":expires": a.SubmittedAt.Add(s.Retention).Unix(),
	})
	if err != nil {
		return "", fmt.Errorf("encoding the entry of %s: %w", a.Reference, err)
	}
	_, err = s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{ // whoever lists may change items anyway, and need not put any
		TableName: aws.String(s.Applications), Key: itemKey(openList(a.Country), place),
		UpdateExpression:         aws.String("SET #application = :application, #needs = :needs, #expires = :expires"),
		ExpressionAttributeNames: map[string]string{"#application": "application", "#needs": "needs", "#expires": "expires"}, ExpressionAttributeValues: values,
	})
	if err != nil {
		return "", fmt.Errorf("listing %s as open: %w", a.Reference, err)
	}
	return place, nil
}

// Open lists a page of the applications of a country that may be open, those that wait longest first, from behind a
// place on; "" is the beginning. more tells whether others follow. The application itself says whether it is still open
// and stands at this place.
func (s *Store) Open(ctx context.Context, country, after string, limit int32) (page []OpenEntry, more bool, err error) {
	answer, err := s.Client.Query(ctx, &dynamodb.QueryInput{
		TableName: aws.String(s.Applications), Limit: aws.Int32(limit), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:   aws.String("#reference = :list AND #item > :after"),
		ExpressionAttributeNames: map[string]string{"#reference": "reference", "#item": "item"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":list": text(openList(country)), ":after": text(max(after, " ")), // a key can't be compared with nothing
		},
	})
	if err != nil {
		return nil, false, fmt.Errorf("listing open applications: %w", err)
	}
	page = make([]OpenEntry, len(answer.Items))
	for i, item := range answer.Items {
		if err := attributevalue.UnmarshalMap(item, &page[i]); err != nil {
			return nil, false, fmt.Errorf("decoding an open application: %w", err)
		}
	}
	return page, len(answer.LastEvaluatedKey) > 0, nil
}

// Unlist deletes an entry that its application doesn't confirm. Doing so again changes nothing.
func (s *Store) Unlist(ctx context.Context, country string, entry OpenEntry) error {
	_, err := s.Client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(openList(country), entry.Place),
	})
	if err != nil {
		return fmt.Errorf("taking %s off the list of open applications: %w", entry.Reference, err)
	}
	return nil
}

// An Addition are matches that were found later.
type Addition struct {
	Result []byte   // sealed: the former matches and the new ones
	Made   Versions // of what they were found with
	At     time.Time
	Open   bool // there may still be more to find
}

// MatchedAgain records matches that were found for an application since, as it was read: notified of its last round. It
// begins the next, in which the new authorities are written to. The error wraps ErrState if the application has changed
// since: another round was begun, or it was erased.
func (s *Store) MatchedAgain(ctx context.Context, found Application, a Addition) error {
	if found.State != Notified {
		return fmt.Errorf("adding matches to %s, which is %s: %w", found.Reference, found.State, ErrState)
	}
	c := s.resultChange(found, a.Result, Audit{a.At, "matching", fmt.Sprintf("matched_again:round=%d,%s", found.Round+1, a.Made.said())})
	c.set += ", #catalogue = :catalogue, #rules = :rules, #matched_at = :at, #round = :next"
	c.names = append(c.names, "catalogue", "rules", "matched_at")
	c.values[":catalogue"], c.values[":rules"] = a.Made.Catalogue, a.Made.Rules
	c.values[":at"], c.values[":next"] = a.At, found.Round+1
	c.audit = append([]Audit{found.Ledger.Notified.audit()}, c.audit...) // what isn't in the trail yet, and from now on no more told
	if found.Round == 0 {
		c.audit = append([]Audit{found.matched()}, c.audit...)
	}
	place := "" // no longer open; Unlist follows
	if a.Open {
		var err error
		if place, err = s.list(ctx, found, a.At); err != nil {
			return err
		}
	}
	c.openSince(place)
	return s.update(ctx, found.Reference, c)
}

// Waits records in the result of an application, as it was read, which services had no place for it. There may be one
// later, so it is open. The error wraps ErrState if the application has changed since.
func (s *Store) Waits(ctx context.Context, found Application, result []byte, at time.Time) error {
	if found.State != Matched {
		return fmt.Errorf("recording what %s waits for, which is %s: %w", found.Reference, found.State, ErrState)
	}
	c := s.resultChange(found, result, Audit{at, "notification", "no_place"})
	place, err := s.list(ctx, found, at)
	if err != nil {
		return err
	}
	c.openSince(place)
	return s.update(ctx, found.Reference, c)
}

// resultChange replaces the result of an application that is still in the round that was read.
func (s *Store) resultChange(found Application, result []byte, audit Audit) change {
	c := change{
		set:       "#result = :result",
		condition: "#state = :matched AND #round = :round",
		names:     []string{"state", "result", "round"},
		values:    map[string]any{":matched": Matched, ":result": result, ":round": found.Round},
		audit:     []Audit{audit},
	}
	if found.Round == 0 {
		c.condition = "#state = :matched AND attribute_not_exists(#round)"
		delete(c.values, ":round")
	}
	return c
}

func (c *change) openSince(place string) {
	c.set += ", #open_since = :open_since"
	c.names = append(c.names, "open_since")
	c.values[":open_since"] = place
}
