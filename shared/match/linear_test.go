package match_test

import (
	"testing"

	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/matchtest"
)

func TestLinear(t *testing.T) {
	matchtest.Run(t, func(source match.Source) (match.Engine, error) {
		catalogue, err := match.New(source)
		return match.NewLinear(catalogue), err
	})
}
