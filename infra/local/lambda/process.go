package lambda

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"time"
)

const devNull = os.DevNull

// process is one running copy of a program. Its fields below cmd belong to the pool's lock.
type process struct {
	token string // names it in the Runtime API; random, so that nothing else on this machine can ask for its work
	cmd   *exec.Cmd

	ready   bool             // has asked for work at least once
	retired bool             // ended on purpose, to be followed by others
	wake    chan *invocation // not nil while it waits for work
	current *invocation
	began   time.Time     // the process, then each invocation
	init    time.Duration // not yet told of
	timer   *time.Timer   // kills it when current takes too long
	exited  chan struct{} // closed when the process is gone
}

func newToken(name string) string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return name + "-" + hex.EncodeToString(b[:])
}

// start runs the program. The process gets a group of its own, so that Ctrl-C reaches only us and the functions end
// in good order.
func (p *Pool) start() (*process, error) {
	token := newToken(p.function.Name)
	cmd := exec.Command(p.function.Program) //nolint:gosec // the program that we built
	cmd.Env = p.function.environment(os.Getenv, token)
	cmd.SysProcAttr = ownGroup()
	logs := &lineWriter{name: p.function.Name, to: p.function.Logs}
	cmd.Stdout, cmd.Stderr = logs, logs
	// A grandchild that keeps the pipe open must not keep us waiting.
	cmd.WaitDelay = time.Second
	if err := startBound(cmd); err != nil {
		return nil, fmt.Errorf("starting function %s: %w", p.function.Name, err)
	}
	proc := &process{token: token, cmd: cmd, began: time.Now(), exited: make(chan struct{})}
	go func() {
		err := cmd.Wait()
		logs.flush()
		p.gone(proc, err)
		close(proc.exited)
	}()
	return proc, nil
}

func (proc *process) kill() { killGroup(proc.cmd.Process) }
