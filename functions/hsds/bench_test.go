package hsds_test

import (
	"testing"

	"github.com/miict/immerse/functions/hsds"
	"github.com/miict/immerse/shared/country"
)

// What a cold start takes of the function's own: the directory of a pack.
func BenchmarkDirectory(b *testing.B) {
	own, err := country.Load("es")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		hsds.OfPack(own)
	}
}
