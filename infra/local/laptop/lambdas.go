package laptop

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/sqs"
	"github.com/miict/immerse/shared/start"
)

func (s *System) addFunction(f Function, program string) {
	accessKey := "AKIALOCAL" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", ""))
	env := map[string]string{
		"AWS_ENDPOINT_URL":      s.endpoint,
		"AWS_ACCESS_KEY_ID":     accessKey,
		"AWS_SECRET_ACCESS_KEY": "local",
	}
	for name, value := range f.Env {
		env[name] = os.Expand(value, s.resolve)
	}
	maps.Copy(env, s.options.Env)
	if ahead := s.clock.offset(); ahead != 0 {
		env[start.Offset] = ahead.String()
	}
	pool := lambda.NewPool(lambda.Function{
		Name: f.Name, Deployed: cmp.Or(f.Deployed, f.Name), Program: program, Env: env, Timeout: f.Timeout, MemoryMB: f.MemoryMB,
		Concurrency: f.Concurrency, Region: s.options.Definition.Region,
		Logging: f.Logging, RuntimeAPI: strings.TrimPrefix(s.endpoint, "http://") + runtimePath, Logs: s.logs(f),
		Ran: func(run lambda.Run) { s.ran(f, run) },
	}, s.log)
	s.pools[f.Name] = pool
	s.callers[accessKey] = f.Name
	s.runtime.Add(pool)
}

// resolve gives the values that are known only once the system runs.
func (s *System) resolve(what string) string {
	kind, name, _ := strings.Cut(what, ":")
	switch kind {
	case "base":
		return s.URL
	case "site":
		_, host, _ := strings.Cut(s.URL, "://")
		return host
	case "queue":
		return s.Queues.URL(name)
	}
	return ""
}

// deployed is a function's name in AWS.
func (s *System) deployed(function string) string {
	for _, f := range s.options.Definition.Functions {
		if f.Name == function {
			return cmp.Or(f.Deployed, f.Name)
		}
	}
	return function
}

// ran is called after every invocation: Lambda has then sent its trace.
func (s *System) ran(f Function, run lambda.Run) {
	if f.Traced {
		for _, action := range []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"} {
			_ = s.allow(f.Name, iam.Request{Action: action, Resource: "*"}) // a trace that can't be sent is missing, no more
		}
	}
	if s.options.Meter != nil {
		s.options.Meter.Invoked(f, run)
	}
}

// logs takes what a function prints to where it is kept, if its role allows that.
func (s *System) logs(f Function) io.Writer {
	to := s.options.Logs
	if to == nil {
		to = io.Discard
	}
	return &logGroup{system: s, function: f, to: to}
}

type logGroup struct {
	system   *System
	function Function
	to       io.Writer

	once    sync.Once
	refused error
}

// Write passes a line on. Lambda writes in the function's name; what it may not write is lost, as in AWS.
func (g *logGroup) Write(line []byte) (int, error) {
	g.once.Do(func() {
		stream := "arn:aws:logs:" + g.system.options.Definition.Region + ":" + sqs.Account + ":log-group:" + g.function.LogGroup + ":log-stream:"
		g.refused = g.system.allow(g.function.Name, iam.Request{Action: "logs:CreateLogStream", Resource: stream})
		if g.refused == nil {
			g.refused = g.system.allow(g.function.Name, iam.Request{Action: "logs:PutLogEvents", Resource: stream + "local"})
		}
	})
	text := bytes.TrimSuffix(bytes.TrimPrefix(line, []byte(g.function.Name+" | ")), []byte("\n"))
	if !g.function.Logging.Keeps(text) {
		return len(line), nil
	}
	if g.system.options.Meter != nil {
		g.system.options.Meter.Logged(g.function.Name, len(text))
	}
	if g.refused != nil {
		return len(line), nil //nolint:nilerr // lost, and said so once
	}
	return g.to.Write(line)
}

// feed is a queue as Lambda reads it: in the name of the function that gets the messages.
type feed struct {
	system   *System
	function string
}

func (f feed) allow(action, queue string) error {
	return f.system.allow(f.function, iam.Request{Action: "sqs:" + action, Resource: f.system.Queues.ARN(queue)})
}

// Receive implements mapping.Queue.
func (f feed) Receive(ctx context.Context, queue string, limit int, wait time.Duration, visibility *time.Duration) ([]sqs.Message, error) {
	for _, action := range []string{"GetQueueAttributes", "ReceiveMessage"} {
		if err := f.allow(action, queue); err != nil {
			return nil, err
		}
	}
	messages, err := f.system.Queues.Receive(ctx, queue, limit, wait, visibility)
	if f.system.options.Meter != nil && err == nil {
		f.system.options.Meter.Received(f.function, messages)
	}
	return messages, err
}

// Delete implements mapping.Queue.
func (f feed) Delete(queue string, handles []string) error {
	if err := f.allow("DeleteMessage", queue); err != nil {
		return err
	}
	if f.system.options.Meter != nil {
		f.system.options.Meter.Deleted(f.function)
	}
	var failed []error
	for _, handle := range handles {
		failed = append(failed, f.system.Queues.Delete(queue, handle))
	}
	return errors.Join(failed...)
}
