// Command lambda is the function that publishes the catalogue. See package hsds for what it does.
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/miict/immerse/functions/hsds"
	"github.com/miict/immerse/shared/telemetry"
)

func main() {
	config, err := hsds.Load(os.Getenv)
	if err != nil {
		fmt.Fprintln(os.Stderr, "hsds can't start:", err)
		os.Exit(1)
	}
	handler := &hsds.Handler{
		Source: hsds.NewEmbedded(config.Pack), BaseURL: config.BaseURL,
		Log: telemetry.Logger(os.Stdout, "hsds", config.Pack.Code),
	}
	lambda.Start(handler.Handle)
}
