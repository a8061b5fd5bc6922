// Command lambda is the feedback function. See package feedback for what it does.
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

	"github.com/miict/immerse/functions/feedback"
	"github.com/miict/immerse/shared/awsconfig"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
)

func main() {
	handler, err := build()
	if err != nil {
		fmt.Fprintln(os.Stderr, "feedback can't start:", err)
		os.Exit(1)
	}
	lambda.Start(handler.Drain)
}

func build() (*feedback.Handler, error) {
	config, err := feedback.Load(os.Getenv)
	aws, awsErr := awsconfig.FromEnv(os.Getenv)
	if err := errors.Join(err, awsErr); err != nil {
		return nil, err
	}
	client := sqs.NewFromConfig(aws)
	return &feedback.Handler{
		Source:  &queue.Reader{Client: client, URL: config.Queue},
		Queue:   &queue.Queue{Client: client, URL: config.NotificationQueue},
		Country: config.Pack.Code, Now: time.Now, NewID: func() string { return ulid.Make().String() }, Log: telemetry.Logger(os.Stdout, "feedback", config.Pack.Code),
		Store: &store.Store{
			Client: dynamodb.NewFromConfig(aws), Applications: config.Applications, Retention: config.Pack.Retention(), Now: time.Now,
		},
	}, nil
}
