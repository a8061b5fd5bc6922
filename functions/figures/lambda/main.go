// Command lambda is the function that shows figures. See package figures for what it does.
package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/miict/immerse/functions/figures"
	"github.com/miict/immerse/shared/figures/shelf"
	"github.com/miict/immerse/shared/start"
)

func main() { start.Function("figures", figures.Load, build) }

func build(_ context.Context, config figures.Config, with start.Parts) (any, error) {
	handler := &figures.Handler{
		Shelf: &shelf.Shelf{Client: dynamodb.NewFromConfig(with.AWS), Table: config.Table, Country: config.Pack.Code},
		Pack:  config.Pack, BaseURL: config.BaseURL, Log: with.Log,
	}
	return handler.Handle, nil
}
