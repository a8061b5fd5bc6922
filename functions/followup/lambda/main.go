// Command lambda is the followup function. See package followup for what it does.
package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/oklog/ulid/v2"

	"github.com/miict/immerse/functions/followup"
	"github.com/miict/immerse/shared/awsconfig"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/figures/shelf"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/workdays"
)

func main() {
	handler, err := build()
	if err != nil {
		fmt.Fprintln(os.Stderr, "followup can't start:", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

func build() (*followup.Rounds, error) {
	config, err := followup.Load(os.Getenv)
	aws, awsErr := awsconfig.FromEnv(os.Getenv)
	if err := errors.Join(err, awsErr); err != nil {
		return nil, err
	}
	pack := config.Pack
	calendar, err := workdays.New(pack)
	zone, zoneErr := pack.Location()
	if err := errors.Join(err, zoneErr); err != nil {
		return nil, err
	}
	items := &store.Store{
		Client: dynamodb.NewFromConfig(aws), Applications: config.Applications, KeysTable: config.Keys,
		Retention: pack.Retention(), Now: time.Now,
	}
	messages := sqs.NewFromConfig(aws)
	log := telemetry.Logger(os.Stdout, "followup", pack.Code)
	return &followup.Rounds{
		Sweep: &followup.Handler{
			Country: pack.Code, Zone: zone, Calendar: calendar, Store: items, Agenda: items,
			Digests: items, DigestHour: pack.DigestAt(),
			Queue: &queue.Queue{Client: messages, URL: config.NotificationQueue},
			Freed: &queue.Queue{Client: messages, URL: config.PercolationQueue},
			Now:   time.Now, NewID: func() string { return ulid.Make().String() }, Log: log,
		},
		Figures: &followup.Counter{
			Country: pack.Code, Zone: zone, Calendar: calendar, Retention: pack.Retention(), Least: figures.K, Applications: items, Book: items,
			Shelf:  &shelf.Shelf{Client: items.Client, Table: config.Figures, Country: pack.Code},
			Around: followup.Around(bucket.New(aws, config.CatalogueBucket), pack, config.CatalogueMaxAge, time.Now, log),
			Now:    time.Now, Log: log,
		},
	}, nil
}
