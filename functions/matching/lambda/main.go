// Command lambda runs package matching as an AWS Lambda function.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/oklog/ulid/v2"

	"github.com/miict/immerse/functions/matching"
	"github.com/miict/immerse/shared/awsconfig"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/vault"
)

func main() {
	handler, err := build(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "matching can't start:", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

// build wires the handler to AWS, from the environment.
func build(ctx context.Context) (*matching.Handler, error) {
	config, err := matching.Load(os.Getenv)
	aws, awsErr := awsconfig.FromEnv(os.Getenv)
	if err := errors.Join(err, awsErr); err != nil {
		return nil, err
	}
	pack, log := config.Pack, telemetry.Logger(os.Stdout, "matching", config.Pack.Code)
	catalogue := matching.Follow(bucket.New(aws, config.CatalogueBucket), pack, config.CatalogueMaxAge, time.Now, log)
	// While the keys are read. What goes wrong is tried again with the first message, which then comes back.
	var reading sync.WaitGroup
	defer reading.Wait()
	reading.Go(func() { _, _ = catalogue.Current(ctx) })
	tables := &store.Store{
		Client: dynamodb.NewFromConfig(aws), Applications: config.Applications, KeysTable: config.Keys,
		Retention: pack.Retention(), Now: time.Now,
	}
	master := vault.Master{Client: kms.NewFromConfig(aws), KeyID: config.KMSKey}
	ring, err := vault.LoadRing(ctx, pack.Code, vault.Matching, tables, master)
	if err != nil {
		return nil, err
	}
	queues := sqs.NewFromConfig(aws)
	return &matching.Handler{
		Country: pack.Code, Store: tables, Ring: ring, Catalogue: catalogue,
		Next:   &queue.Queue{Client: queues, URL: config.NotificationQueue},
		Urgent: &queue.Queue{Client: queues, URL: config.UrgentQueue},
		Now:    time.Now, NewID: func() string { return ulid.Make().String() }, Pause: matching.Pause,
		Log: log,
	}, nil
}
