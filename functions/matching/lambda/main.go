// Command lambda runs package matching as an AWS Lambda function.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/oklog/ulid/v2"

	"github.com/miict/immerse/functions/matching"
	"github.com/miict/immerse/shared/awsconfig"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/vault"
)

func main() {
	handler, err := build(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "matching can't start:", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

// build wires the handler to AWS, from the environment.
func build(ctx context.Context) (*matching.Handler, error) {
	config, err := matching.Load(os.Getenv)
	aws, awsErr := awsconfig.FromEnv(os.Getenv)
	if err := errors.Join(err, awsErr); err != nil {
		return nil, err
	}
	pack := config.Pack
	catalogue, err := match.FromPack(pack)
	if err != nil {
		return nil, err
	}
	tables := &store.Store{
		Client: dynamodb.NewFromConfig(aws), Applications: config.Applications, KeysTable: config.Keys,
		Retention: pack.Retention(), Now: time.Now,
	}
	master := vault.Master{Client: kms.NewFromConfig(aws), KeyID: config.KMSKey}
	ring, err := vault.LoadRing(ctx, pack.Code, vault.Matching, tables, master)
	if err != nil {
		return nil, err
	}
	return &matching.Handler{
		Country: pack.Code, Store: tables, Ring: ring, Engine: match.NewLinear(catalogue), PerNeed: pack.MatchesPerNeed,
		Next: &queue.Queue{Client: sqs.NewFromConfig(aws), URL: config.NotificationQueue},
		Now:  time.Now, NewID: func() string { return ulid.Make().String() }, Pause: matching.Pause,
		Log: telemetry.Logger(os.Stdout, "matching", pack.Code),
	}, nil
}
