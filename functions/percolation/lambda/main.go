// Command lambda runs package percolation as an AWS Lambda function.
package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/oklog/ulid/v2"

	"github.com/miict/immerse/functions/percolation"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/start"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

func main() { start.Function("percolation", percolation.Load, build) }

func build(_ context.Context, config percolation.Config, with start.Parts) (any, error) {
	pack := config.Pack
	tables, queues := dynamodb.NewFromConfig(with.AWS), sqs.NewFromConfig(with.AWS)
	applications := &store.Store{
		Client: tables, Applications: config.Applications, KeysTable: config.Keys, Retention: pack.Retention(), Now: with.Now,
	}
	handler := &percolation.Handler{
		Country: pack.Code, Store: applications, Places: &places.Places{Client: tables, Table: config.Places, Now: with.Now},
		Catalogue: percolation.Follow(bucket.New(with.AWS, config.CatalogueBucket), pack, config.CatalogueMaxAge, with.Now, with.Log),
		Ring:      ring(with.AWS, pack.Code, config.KMSKey, applications),
		Next:      &queue.Queue{Client: queues, URL: config.NotificationQueue},
		Urgent:    &queue.Queue{Client: queues, URL: config.UrgentQueue},
		Queue:     &queue.Queue{Client: queues, URL: config.PercolationQueue},
		Page:      percolation.PageSize, Pause: config.Pause, Now: with.Now, NewID: func() string { return ulid.Make().String() }, Log: with.Log,
	}
	return handler.Handle, nil
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
