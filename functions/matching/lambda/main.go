// Command lambda runs package matching as an AWS Lambda function.
package main

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/oklog/ulid/v2"

	"github.com/miict/immerse/functions/matching"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/start"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

func main() { start.Function("matching", matching.Load, build) }

func build(ctx context.Context, config matching.Config, with start.Parts) (any, error) {
	pack := config.Pack
	catalogue := matching.Follow(bucket.New(with.AWS, config.CatalogueBucket), pack, config.CatalogueMaxAge, with.Now, with.Log)
	// While the keys are read. What goes wrong is tried again with the first message, which then comes back.
	var reading sync.WaitGroup
	defer reading.Wait()
	reading.Go(func() { _, _ = catalogue.Current(ctx) })
	tables := &store.Store{
		Client: dynamodb.NewFromConfig(with.AWS), Applications: config.Applications, KeysTable: config.Keys,
		Retention: pack.Retention(), Now: with.Now,
	}
	master := vault.Master{Client: kms.NewFromConfig(with.AWS), KeyID: config.KMSKey}
	ring, err := vault.LoadRing(ctx, pack.Code, vault.Matching, tables, master)
	if err != nil {
		return nil, err
	}
	queues := sqs.NewFromConfig(with.AWS)
	handler := &matching.Handler{
		Country: pack.Code, Store: tables, Ring: ring, Catalogue: catalogue,
		Next:   &queue.Queue{Client: queues, URL: config.NotificationQueue},
		Urgent: &queue.Queue{Client: queues, URL: config.UrgentQueue},
		Now:    with.Now, NewID: func() string { return ulid.Make().String() }, Pause: matching.Pause,
		Log: with.Log,
	}
	return handler.Handle, nil
}
