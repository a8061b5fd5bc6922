// Command echo is a Lambda program for the local system's own tests. It does what it is told: an HTTP request tells it
// by its path, a message by its body, a direct invocation by its field "do".
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func main() {
	if os.Getenv("BROKEN") != "" {
		fmt.Fprintln(os.Stdout, `{"msg":"cannot start"}`)
		os.Exit(3)
	}
	lambda.Start(handle)
}

func handle(ctx context.Context, payload json.RawMessage) (any, error) {
	switch {
	case bytes.Contains(payload, []byte(`"Records"`)):
		return messages(ctx, payload)
	case bytes.Contains(payload, []byte(`"version":"2.0"`)):
		return request(ctx, payload)
	}
	var command struct {
		Do string `json:"do"`
	}
	if err := json.Unmarshal(payload, &command); err != nil {
		return nil, fmt.Errorf("reading the command: %w", err)
	}
	return obey(ctx, command.Do)
}

// obey does one thing. Sleeping does not listen to the context, as a hung program does not.
func obey(ctx context.Context, what string) (any, error) {
	verb, argument, _ := strings.Cut(what, " ")
	switch verb {
	case "crash":
		os.Exit(7)
	case "crash-once":
		if _, err := os.Stat(argument); err != nil {
			_ = os.WriteFile(argument, nil, 0o600)
			os.Exit(7)
		}
	case "panic":
		panic("told to")
	case "fail":
		return nil, errors.New("told to fail")
	case "sleep":
		d, _ := time.ParseDuration(argument)
		fmt.Fprintln(os.Stdout, `{"msg":"sleeping"}`)
		time.Sleep(d)
	case "big":
		return strings.Repeat("x", 7<<20), nil
	case "environment":
		return os.Environ(), nil
	case "print":
		fmt.Fprintf(os.Stdout, "{\"msg\":%q}\n", argument)
	}
	deadline, _ := ctx.Deadline()
	lc, _ := lambdacontext.FromContext(ctx)
	return map[string]any{
		"pid": os.Getpid(), "did": what, "request": lc.AwsRequestID, "arn": lc.InvokedFunctionArn,
		"left_ms": time.Until(deadline).Milliseconds(),
	}, nil
}

func messages(ctx context.Context, payload []byte) (any, error) {
	var event events.SQSEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, fmt.Errorf("reading the event: %w", err)
	}
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for _, record := range event.Records {
		fmt.Fprintf(os.Stdout, "{\"msg\":\"message\",\"body\":%q,\"count\":%q}\n", record.Body, record.Attributes["ApproximateReceiveCount"])
		if _, err := obey(ctx, record.Body); err != nil {
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
		}
	}
	return response, nil
}

// request answers with the event that it got, so that tests can look at it.
func request(ctx context.Context, payload []byte) (any, error) {
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, fmt.Errorf("reading the event: %w", err)
	}
	what := strings.ReplaceAll(strings.TrimPrefix(event.RawPath, "/api/"), "/", " ")
	if _, err := obey(ctx, what); err != nil {
		return nil, err
	}
	return events.APIGatewayV2HTTPResponse{
		StatusCode: 201, Headers: map[string]string{"Content-Type": "application/json", "X-Echo": "yes"},
		Cookies: []string{"a=1; Path=/", "b=2"}, Body: string(payload),
	}, nil
}
