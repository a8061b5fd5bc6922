// Command lambda is the function that publishes the catalogue. See package hsds for what it does.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/miict/immerse/functions/hsds"
	"github.com/miict/immerse/shared/awsconfig"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/telemetry"
)

func main() {
	handler, err := build(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "hsds can't start:", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

func build(ctx context.Context) (*hsds.Handler, error) {
	config, err := hsds.Load(os.Getenv)
	aws, awsErr := awsconfig.FromEnv(os.Getenv)
	if err := errors.Join(err, awsErr); err != nil {
		return nil, err
	}
	log := telemetry.Logger(os.Stdout, "hsds", config.Pack.Code)
	source := hsds.Follow(bucket.New(aws, config.CatalogueBucket), config.Pack, config.CatalogueMaxAge, time.Now, log)
	_, _ = source.Directory(ctx) // what goes wrong is tried again with the first request
	return &hsds.Handler{Source: source, Pack: config.Pack, BaseURL: config.BaseURL, Log: log}, nil
}
