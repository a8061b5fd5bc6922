package laptop

import (
	"context"
	"errors"
	"time"
)

const (
	readHeaderTimeout = 10 * time.Second
	// grace is how long running invocations may take to end when the system stops.
	grace = 5 * time.Second
)

// Stop lets running invocations end, for a few seconds at most, then ends every process and closes the port. It may
// be called more than once.
func (s *System) Stop() error { return s.stop() }

func (s *System) shutDown() error {
	s.cancel() // no more batches
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	stopped := make(chan error, len(s.pools))
	for _, pool := range s.pools {
		go func() { stopped <- pool.Stop(ctx) }()
	}
	var all []error
	for range s.pools {
		all = append(all, <-stopped)
	}
	s.mappings.Wait()
	// Only now: functions that were finishing needed their tables and queues.
	return errors.Join(append(all, s.http.Close())...)
}
