// Command lambda is the function that shows figures. See package figures for what it does.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/miict/immerse/functions/figures"
	"github.com/miict/immerse/shared/awsconfig"
	"github.com/miict/immerse/shared/figures/shelf"
	"github.com/miict/immerse/shared/telemetry"
)

func main() {
	handler, err := build()
	if err != nil {
		fmt.Fprintln(os.Stderr, "figures can't start:", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

func build() (*figures.Handler, error) {
	config, err := figures.Load(os.Getenv)
	aws, awsErr := awsconfig.FromEnv(os.Getenv)
	if err := errors.Join(err, awsErr); err != nil {
		return nil, err
	}
	return &figures.Handler{
		Shelf: &shelf.Shelf{Client: dynamodb.NewFromConfig(aws), Table: config.Table, Country: config.Pack.Code},
		Pack:  config.Pack, BaseURL: config.BaseURL, Log: telemetry.Logger(os.Stdout, "figures", config.Pack.Code),
	}, nil
}
