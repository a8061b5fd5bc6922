// Command lambda is the referral function. See package referral for what it does.
package main

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/miict/immerse/functions/referral"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/start"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/vault"
)

func main() { start.Function("referral", referral.Load, build) }

func build(ctx context.Context, config referral.Config, with start.Parts) (any, error) {
	country := config.Pack.Code
	tables := &store.Store{
		Client: dynamodb.NewFromConfig(with.AWS), Applications: config.Applications, KeysTable: config.Keys,
		Retention: config.Pack.Retention(), Now: with.Now,
	}
	master := vault.Master{Client: kms.NewFromConfig(with.AWS), KeyID: config.KMSKey}
	ring, err := vault.LoadRing(ctx, country, vault.Referral, tables, master)
	if err != nil {
		return nil, err
	}
	links, err := ticket.Follow(ctx, country, tables, master, with.Now)
	if err != nil {
		return nil, err
	}
	library := published.NewLibrary(bucket.New(with.AWS, config.CatalogueBucket), config.Pack, config.CatalogueMaxAge, with.Now, with.Log)
	queues := sqs.NewFromConfig(with.AWS)
	handler := &referral.Handler{
		Pack: config.Pack, Zone: config.Zone, BaseURL: config.BaseURL, Applications: tables, Referrals: tables, Ring: ring, Links: links,
		Queue:  &queue.Queue{Client: queues, URL: config.NotificationQueue},
		Urgent: &queue.Queue{Client: queues, URL: config.UrgentQueue},
		Now:    with.Now, NewID: rand.Text, Log: with.Log, Catalogue: library,
	}
	return handler.Handle, nil
}
