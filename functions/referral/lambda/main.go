// Command lambda is the referral function. See package referral for what it does.
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

	"github.com/miict/immerse/functions/referral"
	"github.com/miict/immerse/shared/awsconfig"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/vault"
)

func main() {
	handler, err := build(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "referral can't start:", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

func build(ctx context.Context) (*referral.Handler, error) {
	config, err := referral.Load(os.Getenv)
	aws, awsErr := awsconfig.FromEnv(os.Getenv)
	if err := errors.Join(err, awsErr); err != nil {
		return nil, err
	}
	country := config.Pack.Code
	tables := &store.Store{
		Client: dynamodb.NewFromConfig(aws), Applications: config.Applications, KeysTable: config.Keys,
		Retention: config.Pack.Retention(), Now: time.Now,
	}
	master := vault.Master{Client: kms.NewFromConfig(aws), KeyID: config.KMSKey}
	ring, err := vault.LoadRing(ctx, country, vault.Referral, tables, master)
	if err != nil {
		return nil, err
	}
	links, err := ticket.Follow(ctx, country, tables, master, time.Now)
	if err != nil {
		return nil, err
	}
	log := telemetry.Logger(os.Stdout, "referral", country)
	library := published.NewLibrary(bucket.New(aws, config.CatalogueBucket), config.Pack, config.CatalogueMaxAge, time.Now, log)
	queues := sqs.NewFromConfig(aws)
	return &referral.Handler{
		Pack: config.Pack, Zone: config.Zone, BaseURL: config.BaseURL, Applications: tables, Referrals: tables, Ring: ring, Links: links,
		Queue:  &queue.Queue{Client: queues, URL: config.NotificationQueue},
		Urgent: &queue.Queue{Client: queues, URL: config.UrgentQueue},
		Now:    time.Now, NewID: rand.Text, Log: log, Catalogue: library,
	}, nil
}
