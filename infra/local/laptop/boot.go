package laptop

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/miict/immerse/infra/local/gateway"
	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/mapping"
	"github.com/miict/immerse/infra/local/sqs"
)

// boot makes what the definition says, in the order in which things need each other.
func (s *System) boot(ctx context.Context, listener net.Listener) error {
	d := s.options.Definition
	if err := s.createTables(ctx, d.Tables); err != nil {
		return err
	}
	s.createQueues(d.Queues)
	for _, bucket := range d.Buckets {
		s.objects.Create(bucket)
	}
	for _, key := range d.Keys {
		s.keys.Create(key.Alias)
	}
	programs, err := s.build(ctx, d.Functions)
	if err != nil {
		return err
	}
	for _, f := range d.Functions {
		s.addFunction(f, programs[f.Name])
	}
	s.addRoutes(d.Routes)
	go func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("the server ended", "error", err)
		}
	}()
	if err := s.startFunctions(ctx); err != nil {
		return err
	}
	s.startMappings(d) //nolint:contextcheck // they end with Stop, in its own order
	return nil
}

func (s *System) createQueues(queues []Queue) {
	for _, q := range queues {
		settings := sqs.Defaults()
		settings.Visibility = q.Visibility
		if s.options.Visibility > 0 {
			settings.Visibility = s.options.Visibility
		}
		if q.Retention > 0 {
			settings.Retention = q.Retention
		}
		settings.Delay = q.Delay
		settings.DeadLetterQueue, settings.MaxReceiveCount = q.DeadLetterQueue, q.MaxReceiveCount
		s.Queues.Create(q.Name, settings)
	}
}

// built are the programs that this process has built, by where they are: a test starts many systems, each of nine programs, and
// even a look at whether one is up to date takes a while.
var built = struct {
	sync.Mutex
	programs map[string]bool
}{programs: map[string]bool{}}

// build compiles every function's program. The go command uses all processors by itself, so one after the other.
func (s *System) build(ctx context.Context, functions []Function) (map[string]string, error) {
	programs := map[string]string{}
	if len(functions) == 0 {
		return programs, nil
	}
	root, err := lambda.Root()
	if err != nil {
		return nil, err
	}
	folder := s.options.BuildFolder
	if folder == "" {
		folder = filepath.Join(root, "build", "local")
	}
	if s.options.Race {
		folder = filepath.Join(folder, "race")
	}
	built.Lock()
	defer built.Unlock()
	for _, f := range functions {
		began, program := time.Now(), filepath.Join(folder, f.Name)
		if programs[f.Name] = program; built.programs[f.Folder+" "+program] {
			continue
		}
		if _, err := lambda.Build(ctx, root, f.Folder, program, s.options.Race); err != nil {
			return nil, fmt.Errorf("function %s: %w", f.Name, err)
		}
		s.log.Info("built", "function", f.Name, "took", time.Since(began).Round(time.Millisecond))
		built.programs[f.Folder+" "+program] = true
	}
	return programs, nil
}

func (s *System) addRoutes(routes []Route) {
	for _, r := range routes {
		if pool, ok := s.pools[r.Function]; ok {
			s.gateway.Routes = append(s.gateway.Routes, gateway.Route{Key: r.Key, Function: pool})
		}
	}
}

// startFunctions waits until each function has asked for work, or has failed to: its log says why, and the rest of
// the system is still worth having.
func (s *System) startFunctions(ctx context.Context) error {
	for _, pool := range s.pools {
		pool.Start()
	}
	for _, pool := range s.pools {
		select {
		case <-pool.Ready():
		case <-ctx.Done():
			return fmt.Errorf("starting the functions: %w", ctx.Err())
		}
	}
	return nil
}

func (s *System) startMappings(d Definition) {
	ctx, cancel := context.WithCancel(context.Background()) // Stop ends it, in its own order
	s.cancel = cancel
	concurrency := map[string]int{}
	for _, f := range d.Functions {
		concurrency[f.Name] = f.Concurrency
	}
	for _, m := range d.Mappings {
		pool, ok := s.pools[m.Function]
		if !ok {
			continue
		}
		joined := mapping.Mapping{
			Queue: feed{s, m.Function}, QueueName: m.Queue, QueueARN: s.Queues.ARN(m.Queue), Region: d.Region, Function: pool,
			BatchSize: m.BatchSize, Window: m.Window, Concurrency: m.Concurrency, Partial: m.Partial, Log: s.log, InHand: &s.inHand,
		}
		if s.options.Window > 0 {
			joined.Window = min(joined.Window, s.options.Window)
		}
		if joined.Concurrency == 0 {
			joined.Concurrency = concurrency[m.Function]
		}
		s.mappings.Go(func() { joined.Run(ctx) })
	}
	for _, schedule := range d.Schedules {
		s.mappings.Go(func() { s.keepTime(ctx, schedule) })
	}
}

// keepTime invokes a function when its schedule says so.
func (s *System) keepTime(ctx context.Context, schedule Schedule) {
	ticks := time.NewTicker(schedule.Every)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		if _, err := s.Invoke(context.WithoutCancel(ctx), schedule.Function, schedule.Payload); err != nil {
			s.log.Error("a schedule's invocation failed", "schedule", schedule.Name, "error", err)
		}
	}
}
