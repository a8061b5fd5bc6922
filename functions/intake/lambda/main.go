// Command lambda is the intake function. See package intake for what it does.
package main

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/miict/immerse/functions/intake"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/start"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

func main() { start.Function("intake", intake.Load, build) }

func build(ctx context.Context, config intake.Config, with start.Parts) (any, error) {
	country := config.Pack.Code
	tables := &store.Store{
		Client: dynamodb.NewFromConfig(with.AWS), Applications: config.Applications, KeysTable: config.Keys,
		Retention: config.Pack.Retention(), Now: with.Now,
	}
	master := vault.Master{Client: kms.NewFromConfig(with.AWS), KeyID: config.KMSKey}
	sealer, err := vault.LoadSealer(ctx, country, tables, master)
	if err != nil {
		return nil, err
	}
	queues := sqs.NewFromConfig(with.AWS)
	handler := &intake.Handler{
		Pack: config.Pack, BaseURL: config.BaseURL, Applications: tables, Records: tables, Wishes: tables, Sealer: sealer,
		Queue:     &queue.Queue{Client: queues, URL: config.MatchingQueue},
		Urgent:    &queue.Queue{Client: queues, URL: config.UrgentQueue},
		Told:      &queue.Queue{Client: queues, URL: config.NotificationQueue},
		Catalogue: published.NewLibrary(bucket.New(with.AWS, config.CatalogueBucket), config.Pack, config.CatalogueMaxAge, with.Now, with.Log),
		Now:       with.Now, NewID: rand.Text, Log: with.Log,
	}
	return handler.Handle, nil
}
