package lambda

import (
	"context"
	"fmt"
	"time"
)

// gone is called once for each process, when it has ended.
func (p *Pool) gone(proc *process, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.processes, proc.token)
	proc.wake = nil
	reason := "exit status 0"
	if err != nil {
		reason = err.Error()
	}
	if proc.current != nil {
		p.finish(proc, result{err: p.failure("Runtime.ExitError", "the process ended: "+reason)})
	}
	if p.stopped || proc.retired {
		return
	}
	p.log.Warn("function process ended", "function", p.function.Name, "reason", reason)
	if !proc.ready {
		p.failures++
		p.rest("the process ended before it asked for work: " + reason)
		return
	}
	p.failures = 0
	if len(p.processes) == 0 {
		p.grow()
	}
	p.dispatch()
}

// rest waits before the next start, longer each time, and fails what is waiting: in AWS too, an invocation fails when
// its process cannot be started. Callers hold the lock.
func (p *Pool) rest(reason string) {
	p.announce()
	if len(p.processes) == 0 {
		for _, inv := range p.pending {
			inv.result <- result{err: p.failure("Runtime.ExitError", reason)}
		}
		p.pending = nil
	}
	if p.resting {
		return
	}
	p.resting = true
	pause := min(100*time.Millisecond<<min(p.failures, 6), 5*time.Second)
	time.AfterFunc(pause, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.resting = false
		if len(p.processes) == 0 {
			p.grow()
		}
		p.dispatch()
	})
}

// announce says that the first process has come as far as it will. Callers hold the lock.
func (p *Pool) announce() {
	select {
	case <-p.ready:
	default:
		close(p.ready)
	}
}

// Kill kills all of the function's processes at once, as a crash would, and waits until they are gone. It reports how
// many there were.
func (p *Pool) Kill() int {
	p.mu.Lock()
	var all []*process
	for _, proc := range p.processes {
		all = append(all, proc)
		proc.kill()
	}
	p.mu.Unlock()
	for _, proc := range all {
		<-proc.exited
	}
	return len(all)
}

// PIDs gives the process ids, for tests and for looking at with a debugger.
func (p *Pool) PIDs() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var ids []int
	for _, proc := range p.processes {
		ids = append(ids, proc.cmd.Process.Pid)
	}
	return ids
}

// Stop lets running invocations end until ctx does, then ends every process. Nothing new is taken.
func (p *Pool) Stop(ctx context.Context) error {
	p.mu.Lock()
	p.stopped = true
	for _, inv := range p.pending {
		inv.result <- result{err: ErrStopped}
	}
	p.pending = nil
	p.mu.Unlock()
	for p.busy() && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
	unfinished := p.busy()
	p.Kill()
	if unfinished {
		return fmt.Errorf("function %s was ended in the middle of an invocation: %w", p.function.Name, ctx.Err())
	}
	return nil
}

// Idle tells whether nothing runs and nothing waits to.
func (p *Pool) Idle() bool {
	p.mu.Lock()
	waiting := len(p.pending)
	p.mu.Unlock()
	return waiting == 0 && !p.busy()
}

func (p *Pool) busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, proc := range p.processes {
		if proc.current != nil {
			return true
		}
	}
	return false
}
