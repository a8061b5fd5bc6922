// Command lambda runs package percolation as an AWS Lambda function.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/oklog/ulid/v2"

	"github.com/miict/immerse/functions/percolation"
	"github.com/miict/immerse/shared/awsconfig"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/vault"
)

func main() {
	handler, err := build()
	if err != nil {
		fmt.Fprintln(os.Stderr, "percolation can't start:", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

// build wires the handler to AWS, from the environment.
func build() (*percolation.Handler, error) {
	config, err := percolation.Load(os.Getenv)
	settings, awsErr := awsconfig.FromEnv(os.Getenv)
	if err := errors.Join(err, awsErr); err != nil {
		return nil, err
	}
	pack, log := config.Pack, telemetry.Logger(os.Stdout, "percolation", config.Pack.Code)
	tables, queues := dynamodb.NewFromConfig(settings), sqs.NewFromConfig(settings)
	applications := &store.Store{
		Client: tables, Applications: config.Applications, KeysTable: config.Keys, Retention: pack.Retention(), Now: time.Now,
	}
	return &percolation.Handler{
		Country: pack.Code, Store: applications, Places: &places.Places{Client: tables, Table: config.Places, Now: time.Now},
		Catalogue: percolation.Follow(bucket.New(settings, config.CatalogueBucket), pack, config.CatalogueMaxAge, time.Now, log),
		Ring:      ring(settings, pack.Code, config.KMSKey, applications),
		Next:      &queue.Queue{Client: queues, URL: config.NotificationQueue},
		Urgent:    &queue.Queue{Client: queues, URL: config.UrgentQueue},
		Queue:     &queue.Queue{Client: queues, URL: config.PercolationQueue},
		Page:      percolation.PageSize, Pause: config.Pause, Now: time.Now, NewID: func() string { return ulid.Make().String() }, Log: log,
	}, nil
}

// ring opens the keyset when it is needed first, and keeps it.
func ring(settings aws.Config, country, key string, roots vault.Roots) func(context.Context) (percolation.Ring, error) {
	var kept *vault.Ring
	return func(ctx context.Context) (percolation.Ring, error) {
		if kept == nil {
			opened, err := vault.OpenRing(ctx, country, vault.Matching, roots, vault.Master{Client: kms.NewFromConfig(settings), KeyID: key})
			if err != nil {
				return nil, err
			}
			kept = opened
		}
		return kept, nil
	}
}
