// Command lambda is the notification function. See package notification for what it does.
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
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/miict/immerse/functions/notification"
	"github.com/miict/immerse/shared/awsconfig"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/places"
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
		fmt.Fprintln(os.Stderr, "notification can't start:", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

func build(ctx context.Context) (*notification.Handler, error) {
	config, err := notification.Load(os.Getenv)
	aws, awsErr := awsconfig.FromEnv(os.Getenv)
	if err := errors.Join(err, awsErr); err != nil {
		return nil, err
	}
	items := &store.Store{
		Client: dynamodb.NewFromConfig(aws), Applications: config.Applications, KeysTable: config.Keys,
		Retention: config.Pack.Retention(), Now: time.Now,
	}
	master := vault.Master{Client: kms.NewFromConfig(aws), KeyID: config.KMSKey}
	ring, err := vault.LoadRing(ctx, config.Pack.Code, vault.Notification, items, master)
	if err != nil {
		return nil, err
	}
	if err := ticket.Renew(ctx, config.Pack.Code, items, master, time.Now()); err != nil {
		return nil, err
	}
	links, err := ticket.Load(ctx, config.Pack.Code, items, master, time.Now)
	if err != nil {
		return nil, err
	}
	planner, err := config.Planner(links)
	if err != nil {
		return nil, err
	}
	log := telemetry.Logger(os.Stdout, "notification", config.Pack.Code)
	library := published.NewLibrary(bucket.New(aws, config.CatalogueBucket), config.Pack, config.CatalogueMaxAge, time.Now, log)
	mail := sesv2.NewFromConfig(aws, notification.Once, config.InMailRegion)
	return &notification.Handler{
		Applications: items, Outbox: items, Ring: ring, Catalogue: library,
		Places:      &places.Places{Client: items.Client, Table: config.Places, Now: time.Now},
		Percolation: &queue.Queue{Client: sqs.NewFromConfig(aws), URL: config.PercolationQueue},
		Planner:     planner, Postbox: config.Postbox(mail),
		LeaseMargin: config.LeaseMargin, Group: notification.GroupSize, Most: notification.MostInDigest, Now: time.Now, NewID: newID,
		Releases: items, Inboxes: items, Agenda: items, Waits: items, Digests: items, Pause: notification.Pause, Log: log,
		Receiver: func(ctx context.Context) (*vault.Receiver, error) {
			return vault.LoadReceiver(ctx, vault.Referral, items)
		},
	}, nil
}

// newID names a holder of a ledger: 50 random bits, as it need only differ from the few others of the same application.
func newID() string { return rand.Text()[:10] }
