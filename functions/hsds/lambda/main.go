// Command lambda is the function that publishes the catalogue. See package hsds for what it does.
package main

import (
	"context"

	"github.com/miict/immerse/functions/hsds"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/start"
)

func main() { start.Function("hsds", hsds.Load, build) }

func build(ctx context.Context, config hsds.Config, with start.Parts) (any, error) {
	source := hsds.Follow(bucket.New(with.AWS, config.CatalogueBucket), config.Pack, config.CatalogueMaxAge, with.Now, with.Log)
	_, _ = source.Directory(ctx) // what goes wrong is tried again with the first request
	handler := &hsds.Handler{Source: source, Pack: config.Pack, BaseURL: config.BaseURL, Log: with.Log}
	return handler.Handle, nil
}
