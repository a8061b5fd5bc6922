package independent_test

import (
	"testing"

	"github.com/miict/immerse/infra/local/independent"
	"github.com/miict/immerse/shared/store/storetest"
)

// TestStoreOnDynamoDBLocal holds the store to Amazon's own DynamoDB, as package store does to the one on the laptop.
func TestStoreOnDynamoDBLocal(t *testing.T) {
	storetest.Run(t, storetest.Client(independent.DynamoDBLocal(t)))
}
