package lambda

import (
	"context"
	"fmt"
	"maps"
	"time"
)

// Hold keeps new invocations waiting, until Renew, and returns when those that run have ended, or ctx has.
func (p *Pool) Hold(ctx context.Context) error {
	p.mu.Lock()
	p.held = true
	p.mu.Unlock()
	for p.busy() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for function %s to end what it does: %w", p.function.Name, ctx.Err())
		case <-time.After(2 * time.Millisecond):
		}
	}
	return nil
}

// Renew ends Hold. When changes has variables, the processes that do nothing are replaced, as soon as there is something to do, by
// others that have them in their environment.
func (p *Pool) Renew(changes map[string]string) {
	p.mu.Lock()
	var retired []*process
	if len(changes) > 0 {
		env := maps.Clone(changes)
		for name, value := range p.function.Env {
			if _, changed := env[name]; !changed {
				env[name] = value
			}
		}
		p.function.Env = env
		for token, proc := range p.processes {
			if proc.current == nil {
				proc.retired = true
				delete(p.processes, token)
				proc.kill()
				retired = append(retired, proc)
			}
		}
	}
	p.mu.Unlock()
	for _, proc := range retired {
		<-proc.exited
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = false
	p.dispatch()
}
