// Command lambda is the followup function. See package followup for what it does.
package main

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/oklog/ulid/v2"

	"github.com/miict/immerse/functions/followup"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/figures/shelf"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/start"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/workdays"
)

func main() { start.Function("followup", followup.Load, build) }

func build(_ context.Context, config followup.Config, with start.Parts) (any, error) {
	pack := config.Pack
	calendar, err := workdays.New(pack)
	zone, zoneErr := pack.Location()
	if err := errors.Join(err, zoneErr); err != nil {
		return nil, err
	}
	items := &store.Store{
		Client: dynamodb.NewFromConfig(with.AWS), Applications: config.Applications, KeysTable: config.Keys,
		Retention: pack.Retention(), Now: with.Now,
	}
	messages := sqs.NewFromConfig(with.AWS)
	rounds := &followup.Rounds{
		Watch: &followup.Watch{Aside: &queue.Aside{Client: messages, URLs: config.DeadLetters}, Now: with.Now, Log: with.Log},
		Sweep: &followup.Handler{
			Country: pack.Code, Zone: zone, Calendar: calendar, Store: items, Agenda: items,
			Digests: items, DigestHour: pack.DigestAt(),
			Queue:  &queue.Queue{Client: messages, URL: config.NotificationQueue},
			Urgent: &queue.Queue{Client: messages, URL: config.UrgentQueue},
			Freed:  &queue.Queue{Client: messages, URL: config.PercolationQueue},
			Now:    with.Now, NewID: func() string { return ulid.Make().String() }, Log: with.Log,
		},
		Figures: &followup.Counter{
			Country: pack.Code, Zone: zone, Calendar: calendar, Retention: pack.Retention(), Least: figures.K, Applications: items, Book: items,
			Shelf:  &shelf.Shelf{Client: items.Client, Table: config.Figures, Country: pack.Code},
			Around: followup.Around(bucket.New(with.AWS, config.CatalogueBucket), pack, config.CatalogueMaxAge, with.Now, with.Log),
			Now:    with.Now, Log: with.Log,
		},
	}
	return rounds.Handle, nil
}
