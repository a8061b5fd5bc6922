package lambda

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Pool runs the processes of one function.
type Pool struct {
	function Function
	log      *slog.Logger

	mu        sync.Mutex
	pending   []*invocation // waiting for a process, oldest first
	processes map[string]*process
	failures  int  // starts in a row that never asked for work
	resting   bool // waiting to start again after such failures
	stopped   bool
	held      bool          // invocations wait, see Hold
	ready     chan struct{} // closed when a first process has asked for work, or failed to
}

type invocation struct {
	id      string
	payload []byte
	result  chan result // buffered: whoever asked may have left
}

type result struct {
	response []byte
	err      error
}

// NewPool makes a pool; Start starts its first process.
func NewPool(f Function, log *slog.Logger) *Pool {
	return &Pool{function: f, log: log, processes: map[string]*process{}, ready: make(chan struct{})}
}

// Start starts the first process, so that the first invocation need not wait for it.
func (p *Pool) Start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.grow()
}

// Ready is closed when the first process has asked for work, or has ended before it could.
func (p *Pool) Ready() <-chan struct{} { return p.ready }

// Invoke hands one payload to the function and waits for its response. When ctx ends first, an invocation that has
// begun goes on, as it does in AWS.
func (p *Pool) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if len(payload) > MaxPayload {
		return nil, p.failure("RequestTooLarge", "the request is larger than Lambda takes")
	}
	inv := &invocation{id: newRequestID(), payload: payload, result: make(chan result, 1)}
	p.mu.Lock()
	if p.stopped {
		p.mu.Unlock()
		return nil, ErrStopped
	}
	p.pending = append(p.pending, inv)
	p.dispatch()
	p.mu.Unlock()
	select {
	case r := <-inv.result:
		return r.response, r.err
	case <-ctx.Done():
		p.withdraw(inv)
		return nil, fmt.Errorf("waiting for function %s: %w", p.function.Name, ctx.Err())
	}
}

func (p *Pool) withdraw(inv *invocation) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pending = slices.DeleteFunc(p.pending, func(other *invocation) bool { return other == inv })
}

// dispatch gives waiting invocations to waiting processes, and starts processes for what is left. Callers hold the lock.
func (p *Pool) dispatch() {
	if p.held {
		return
	}
	starting := 0
	for _, proc := range p.processes {
		if len(p.pending) == 0 {
			return
		}
		switch {
		case proc.wake != nil:
			p.hand(proc, p.pending[0])
			p.pending = p.pending[1:]
		case proc.current == nil: // starting, or about to ask for more
			starting++
		}
	}
	for n := len(p.pending) - starting; n > 0 && len(p.processes) < p.function.concurrency(); n-- {
		if !p.grow() {
			return
		}
	}
}

func (p *Pool) hand(proc *process, inv *invocation) {
	proc.current, proc.began = inv, time.Now()
	proc.timer = time.AfterFunc(p.function.timeout(), func() { p.overran(proc, inv) })
	proc.wake <- inv // buffered
	proc.wake = nil
}

// grow starts a process unless the function keeps failing and must wait. Callers hold the lock.
func (p *Pool) grow() bool {
	if p.stopped || p.resting || p.held {
		return false
	}
	proc, err := p.start()
	if err != nil {
		p.log.Error("function does not start", "function", p.function.Name, "error", err)
		p.failures++
		p.rest(err.Error())
		return false
	}
	p.processes[proc.token] = proc
	return true
}

// overran ends a process that has used up the function's time.
func (p *Pool) overran(proc *process, inv *invocation) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if proc.current != inv {
		return
	}
	message := fmt.Sprintf("%s Task timed out after %.2f seconds", inv.id, p.function.timeout().Seconds())
	p.log.Error("function timed out", "function", p.function.Name, "request", inv.id)
	p.finish(proc, result{err: p.failure("Sandbox.Timedout", message)})
	proc.kill()
}

// finish ends a process's current invocation. Callers hold the lock.
func (p *Pool) finish(proc *process, r result) {
	proc.timer.Stop()
	if p.function.Ran != nil {
		p.function.Ran(Run{Init: proc.init, Took: time.Since(proc.began)})
	}
	proc.init = 0
	proc.current.result <- r
	proc.current = nil
}

func (p *Pool) failure(kind, message string) error {
	return &InvokeError{Function: p.function.Name, Type: kind, Message: message}
}
