// Package shelf keeps the figures that are published (package figures) in a DynamoDB table of their own, so that whoever shows
// them to everybody can read nothing else:
//
//	figures   country (partition) + period (sort): a release, as JSON, compressed
//
// A release is written once and stays as it is. An operator may take one back (docs/operations.md): then it isn't counted again.
package shelf

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/shared/figures"
)

// DynamoDB is what the shelf needs of the AWS client.
type DynamoDB interface {
	Query(ctx context.Context, in *dynamodb.QueryInput, options ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
}

// A Shelf is one country's.
type Shelf struct {
	Client  DynamoDB
	Table   string // name
	Country string // ISO 3166-1 alpha-2
}

type row struct {
	Period    string `dynamodbav:"period"`
	Release   []byte `dynamodbav:"release"`
	Withdrawn bool   `dynamodbav:"withdrawn"`
}

// most is how many releases are shown, and largest how many bytes one may have.
const (
	most    = 20
	largest = 16 << 20
)

// Has tells whether a period was published, or taken back since.
func (s *Shelf) Has(ctx context.Context, period string) (bool, error) {
	answer, err := s.Client.Query(ctx, &dynamodb.QueryInput{
		TableName: aws.String(s.Table), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#country = :country AND #period = :period"),
		ExpressionAttributeNames:  map[string]string{"#country": "country", "#period": "period"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":country": text(s.Country), ":period": text(period)},
	})
	if err != nil {
		return false, fmt.Errorf("looking for the figures of %s: %w", period, err)
	}
	return len(answer.Items) > 0, nil
}

// Put publishes a release, unless its period has one: then that stays.
func (s *Shelf) Put(ctx context.Context, release figures.Release) error {
	packed, err := pack(release)
	if err != nil {
		return fmt.Errorf("packing the figures of %s: %w", release.Period, err)
	}
	_, err = s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 aws.String(s.Table),
		Key:                       map[string]types.AttributeValue{"country": text(s.Country), "period": text(release.Period)},
		UpdateExpression:          aws.String("SET #release = :release"),
		ConditionExpression:       aws.String("attribute_not_exists(#release)"),
		ExpressionAttributeNames:  map[string]string{"#release": "release"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":release": &types.AttributeValueMemberB{Value: packed}},
	})
	var there *types.ConditionalCheckFailedException
	if errors.As(err, &there) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("publishing the figures of %s: %w", release.Period, err)
	}
	return nil
}

// ErrNone means that a period was never published.
var ErrNone = errors.New("no such release")

// Withdraw takes a release back: it is shown to nobody, and its period isn't counted again. With back it is shown again. Doing
// either twice is the same as once; the error wraps ErrNone if nothing was published of the period.
func (s *Shelf) Withdraw(ctx context.Context, period string, back bool) error {
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 aws.String(s.Table),
		Key:                       map[string]types.AttributeValue{"country": text(s.Country), "period": text(period)},
		UpdateExpression:          aws.String("SET withdrawn = :withdrawn"),
		ConditionExpression:       aws.String("attribute_exists(#release)"),
		ExpressionAttributeNames:  map[string]string{"#release": "release"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":withdrawn": &types.AttributeValueMemberBOOL{Value: !back}},
	})
	var gone *types.ConditionalCheckFailedException
	switch {
	case errors.As(err, &gone):
		return fmt.Errorf("%s: %w", period, ErrNone)
	case err != nil:
		return fmt.Errorf("taking the figures of %s back: %w", period, err)
	}
	return nil
}

// Releases gives what is published, the latest first.
func (s *Shelf) Releases(ctx context.Context) ([]figures.Release, error) {
	shown, _, err := s.All(ctx)
	return shown, err
}

// All gives what is published, and what was and is taken back, the latest first.
func (s *Shelf) All(ctx context.Context) (shown, withdrawn []figures.Release, err error) {
	answer, err := s.Client.Query(ctx, &dynamodb.QueryInput{
		TableName: aws.String(s.Table), ScanIndexForward: aws.Bool(false), Limit: aws.Int32(most),
		KeyConditionExpression:    aws.String("#country = :country"),
		ExpressionAttributeNames:  map[string]string{"#country": "country"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":country": text(s.Country)},
	})
	if err != nil {
		return nil, nil, fmt.Errorf("reading figures: %w", err)
	}
	var rows []row
	if err := attributevalue.UnmarshalListOfMaps(answer.Items, &rows); err != nil {
		return nil, nil, fmt.Errorf("decoding figures: %w", err)
	}
	shown = []figures.Release{}
	for _, r := range rows {
		if len(r.Release) == 0 {
			continue // taken back by hand before it was counted
		}
		release, err := unpack(r.Release)
		switch {
		case err != nil:
			return nil, nil, fmt.Errorf("unpacking the figures of %s: %w", r.Period, err)
		case r.Withdrawn:
			withdrawn = append(withdrawn, release)
		default:
			shown = append(shown, release)
		}
	}
	return shown, withdrawn, nil
}

func pack(release figures.Release) ([]byte, error) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	err := errors.Join(json.NewEncoder(zip).Encode(release), zip.Close())
	return packed.Bytes(), err
}

func unpack(packed []byte) (release figures.Release, err error) {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return release, err
	}
	err = json.NewDecoder(io.LimitReader(zip, largest)).Decode(&release)
	return release, err
}

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }
