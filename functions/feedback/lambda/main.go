// Command lambda is the feedback function. See package feedback for what it does.
package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/oklog/ulid/v2"

	"github.com/miict/immerse/functions/feedback"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/start"
	"github.com/miict/immerse/shared/store"
)

func main() { start.Function("feedback", feedback.Load, build) }

func build(_ context.Context, config feedback.Config, with start.Parts) (any, error) {
	client := sqs.NewFromConfig(with.AWS)
	handler := &feedback.Handler{
		Source:  &queue.Reader{Client: client, URL: config.Queue},
		Queue:   &queue.Queue{Client: client, URL: config.NotificationQueue},
		Country: config.Pack.Code, Now: with.Now, NewID: func() string { return ulid.Make().String() }, Log: with.Log,
		Store: &store.Store{
			Client: dynamodb.NewFromConfig(with.AWS), Applications: config.Applications, Retention: config.Pack.Retention(), Now: with.Now,
		},
	}
	return handler.Drain, nil
}
