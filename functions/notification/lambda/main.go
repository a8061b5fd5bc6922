// Command lambda is the notification function. See package notification for what it does.
package main

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/miict/immerse/functions/notification"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/start"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/vault"
)

func main() { start.Function("notification", notification.Load, build) }

func build(ctx context.Context, config notification.Config, with start.Parts) (any, error) {
	items := &store.Store{
		Client: dynamodb.NewFromConfig(with.AWS), Applications: config.Applications, KeysTable: config.Keys,
		Retention: config.Pack.Retention(), Now: with.Now,
	}
	master := vault.Master{Client: kms.NewFromConfig(with.AWS), KeyID: config.KMSKey}
	ring, err := vault.LoadRing(ctx, config.Pack.Code, vault.Notification, items, master)
	if err != nil {
		return nil, err
	}
	if err := ticket.Renew(ctx, config.Pack.Code, items, master, with.Now()); err != nil {
		return nil, err
	}
	links, err := ticket.Load(ctx, config.Pack.Code, items, master, with.Now)
	if err != nil {
		return nil, err
	}
	planner, err := config.Planner(links)
	if err != nil {
		return nil, err
	}
	library := published.NewLibrary(bucket.New(with.AWS, config.CatalogueBucket), config.Pack, config.CatalogueMaxAge, with.Now, with.Log)
	queues := sqs.NewFromConfig(with.AWS)
	mail := sesv2.NewFromConfig(with.AWS, notification.Once, config.InMailRegion)
	handler := &notification.Handler{
		Applications: items, Outbox: items, Ring: ring, Catalogue: library,
		Places:      &places.Places{Client: items.Client, Table: config.Places, Now: with.Now},
		Percolation: &queue.Queue{Client: queues, URL: config.PercolationQueue},
		Queues: []notification.Queue{
			&queue.Queue{Client: queues, URL: config.Queue}, &queue.Queue{Client: queues, URL: config.UrgentQueue},
		},
		Planner: planner, Postbox: config.Postbox(mail),
		LeaseMargin: notification.LeaseMargin, Group: notification.GroupSize, Most: notification.MostInDigest, Now: with.Now, NewID: newID,
		Releases: items, Inboxes: items, Agenda: items, Waits: items, Digests: items, Pause: notification.Pause, Log: with.Log,
		Receiver: func(ctx context.Context) (*vault.Receiver, error) {
			return vault.LoadReceiver(ctx, vault.Referral, items)
		},
	}
	return handler.Handle, nil
}

// newID names a holder of a ledger: 50 random bits, as it need only differ from the few others of the same application.
func newID() string { return rand.Text()[:10] }
