// Command lambda is the intake function. See package intake for what it does.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/miict/immerse/functions/intake"
	"github.com/miict/immerse/shared/awsconfig"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/vault"
)

func main() {
	handler, err := build(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "intake can't start:", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

func build(ctx context.Context) (*intake.Handler, error) {
	config, err := intake.Load(os.Getenv)
	aws, awsErr := awsconfig.FromEnv(os.Getenv)
	if err := errors.Join(err, awsErr); err != nil {
		return nil, err
	}
	country, log := config.Pack.Code, telemetry.Logger(os.Stdout, "intake", config.Pack.Code)
	tables := &store.Store{
		Client: dynamodb.NewFromConfig(aws), Applications: config.Applications, KeysTable: config.Keys,
		Retention: config.Pack.Retention(), Now: time.Now,
	}
	master := vault.Master{Client: kms.NewFromConfig(aws), KeyID: config.KMSKey}
	sealer, err := vault.LoadSealer(ctx, country, tables, master)
	if err != nil {
		return nil, err
	}
	queues := sqs.NewFromConfig(aws)
	return &intake.Handler{
		Pack: config.Pack, BaseURL: config.BaseURL, Applications: tables, Records: tables, Wishes: tables, Sealer: sealer,
		Queue:     &queue.Queue{Client: queues, URL: config.MatchingQueue},
		Urgent:    &queue.Queue{Client: queues, URL: config.UrgentQueue},
		Told:      &queue.Queue{Client: queues, URL: config.NotificationQueue},
		Catalogue: published.NewLibrary(bucket.New(aws, config.CatalogueBucket), config.Pack, config.CatalogueMaxAge, time.Now, log),
		Now:       time.Now, NewID: rand.Text, Log: log,
	}, nil
}
