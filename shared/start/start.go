// Package start is what every function's program begins with: it reads the configuration, tells all that is wrong with it at
// once, makes what any function needs, whatever it does, and hands the function's own handler to Lambda.
package start

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/miict/immerse/shared/awsconfig"
	"github.com/miict/immerse/shared/telemetry"
)

// A Config is what a function's Load makes of its environment.
type Config interface {
	Serves() string // the country, by its ISO 3166-1 alpha-2 code
}

// Parts are what any function is made of. AWS makes clients; Now is the clock, of which a program has one.
type Parts struct {
	AWS aws.Config
	Now func() time.Time
	Log *slog.Logger
}

// Function starts the program of a function and never returns. The name is for the log; load reports all its problems together; build
// makes the handler, of any form that lambda.Start takes.
func Function[C Config](name string, load func(getenv func(string) string) (C, error), build func(context.Context, C, Parts) (handler any, err error)) {
	handler, err := prepare(name, os.Getenv, os.Stdout, load, build)
	if err != nil {
		fmt.Fprintln(os.Stderr, name+" can't start:", err)
		os.Exit(1)
	}
	lambda.Start(handler)
}

func prepare[C Config](name string, getenv func(string) string, logs io.Writer,
	load func(func(string) string) (C, error), build func(context.Context, C, Parts) (any, error),
) (any, error) {
	config, err := load(getenv)
	clients, awsErr := awsconfig.FromEnv(getenv)
	ahead, clockErr := offset(getenv)
	if err := errors.Join(err, awsErr, clockErr); err != nil {
		return nil, err
	}
	handler, err := build(context.Background(), config, Parts{
		AWS: clients, Now: clock(ahead), Log: telemetry.Logger(logs, name, config.Serves()),
	})
	if err != nil || ahead == 0 {
		return handler, err
	}
	return moved{lambda.NewHandler(handler), ahead}, nil
}
