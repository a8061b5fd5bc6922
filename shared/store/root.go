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

	"github.com/miict/immerse/shared/vault"
)

type rootRow struct {
	ID      string `dynamodbav:"id"`
	Public  []byte `dynamodbav:"public"`
	Private []byte `dynamodbav:"private"`      // encrypted by KMS
	At      int64  `dynamodbav:"at,omitempty"` // unix seconds; 0: not known
}

func rowOf(root vault.Root) rootRow {
	row := rootRow{ID: rootID(root.Opener), Public: root.Public, Private: root.Private}
	if !root.At.IsZero() {
		row.At = root.At.Unix()
	}
	return row
}

func rootID(opener vault.Opener) string { return "root#" + string(opener) }

// Root implements vault.Roots.
func (s *Store) Root(ctx context.Context, opener vault.Opener) (vault.Root, error) {
	var row rootRow
	err := s.get(ctx, s.KeysTable, map[string]types.AttributeValue{"id": text(rootID(opener))}, &row)
	if errors.Is(err, ErrNotFound) {
		err = vault.ErrNoRoot
	}
	if err != nil {
		return vault.Root{}, fmt.Errorf("reading the root of %s: %w", opener, err)
	}
	root := vault.Root{Opener: opener, Public: row.Public, Private: row.Private}
	if row.At != 0 {
		root.At = time.Unix(row.At, 0).UTC()
	}
	return root, nil
}

// CreateRoot implements vault.Roots.
func (s *Store) CreateRoot(ctx context.Context, root vault.Root) error {
	err := s.create(ctx, s.KeysTable, "id", rowOf(root))
	if errors.Is(err, ErrExists) {
		err = vault.ErrRootExists
	}
	if err != nil {
		return fmt.Errorf("writing the root of %s: %w", root.Opener, err)
	}
	return nil
}

// ReplaceRoot puts a root in the place of the one that was read. The error wraps ErrState if that has changed since; it is
// then left as it is.
func (s *Store) ReplaceRoot(ctx context.Context, old, root vault.Root) error {
	item, err := attributevalue.MarshalMap(rowOf(root))
	if err != nil {
		return fmt.Errorf("encoding the root of %s: %w", root.Opener, err)
	}
	_, err = s.Client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(s.KeysTable), Item: item,
		ConditionExpression:      aws.String("#private = :old OR #private = :new"), // :new: the SDK repeats a write whose answer was lost
		ExpressionAttributeNames: map[string]string{"#private": "private"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":old": &types.AttributeValueMemberB{Value: old.Private}, ":new": &types.AttributeValueMemberB{Value: root.Private},
		},
	})
	if err := conditionFailed(err, ErrState); err != nil {
		return fmt.Errorf("replacing the root of %s: %w", root.Opener, err)
	}
	return nil
}
