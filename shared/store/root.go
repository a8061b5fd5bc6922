package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/shared/vault"
)

type rootRow struct {
	ID      string `dynamodbav:"id"`
	Public  []byte `dynamodbav:"public"`
	Private []byte `dynamodbav:"private"` // encrypted by KMS
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
	return vault.Root{Opener: opener, Public: row.Public, Private: row.Private}, nil
}

// CreateRoot implements vault.Roots.
func (s *Store) CreateRoot(ctx context.Context, root vault.Root) error {
	err := s.create(ctx, s.KeysTable, "id", rootRow{rootID(root.Opener), root.Public, root.Private})
	if errors.Is(err, ErrExists) {
		err = vault.ErrRootExists
	}
	if err != nil {
		return fmt.Errorf("writing the root of %s: %w", root.Opener, err)
	}
	return nil
}
