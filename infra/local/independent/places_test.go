package independent_test

import (
	"testing"

	"github.com/miict/immerse/infra/local/independent"
	"github.com/miict/immerse/shared/places/placestest"
	"github.com/miict/immerse/shared/store/storetest"
)

// TestPlacesOnDynamoDBLocal holds the places to Amazon's own DynamoDB, as package places does to the one on the laptop.
func TestPlacesOnDynamoDBLocal(t *testing.T) {
	placestest.Run(t, storetest.Client(independent.DynamoDBLocal(t)))
}
