package lambda_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/lambda"
)

// TestRenewingLetsWhatRunsEnd: what has begun ends in its process, what comes meanwhile waits, and is done by one with the new environment.
func TestRenewingLetsWhatRunsEnd(t *testing.T) {
	t.Parallel()
	p, printed := start(t, nil)
	before := must(t, p, "hello")
	running := make(chan reply, 1)
	go func() { running <- must(t, p, "sleep 300ms") }()
	printed.wait(t, "sleeping") // it has begun: what only waits for its process would be held
	if err := p.Hold(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case done := <-running:
		if done.PID != before.PID {
			t.Error("it was done by another process")
		}
	case <-time.After(5 * time.Minute):
		t.Fatal("what ran did not end")
	}
	later := make(chan reply, 1)
	go func() { later <- must(t, p, "hello") }()
	for p.Idle() {
		time.Sleep(time.Millisecond)
	}
	if len(later) > 0 {
		t.Error("it was done while invocations are held")
	}
	p.Renew(map[string]string{"MOVED": "yes"})
	if after := <-later; after.PID == before.PID {
		t.Error("it was done by a process of before")
	}
	answer, err := p.Invoke(t.Context(), []byte(`{"do":"environment"}`))
	if err != nil || !bytes.Contains(answer, []byte("MOVED=yes")) {
		t.Errorf("the environment is %s, %v", answer, err)
	}
}

// TestHoldingIsGivenUp: who can't wait for what runs goes on as before.
func TestHoldingIsGivenUp(t *testing.T) {
	t.Parallel()
	p, printed := start(t, func(f *lambda.Function) { f.Concurrency = 1 })
	before := must(t, p, "hello")
	go func() { _, _ = do(t, p, "sleep 3s") }()
	printed.wait(t, "sleeping")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Hold(ctx); err == nil {
		t.Error("it did not wait")
	}
	p.Renew(nil)
	if after := must(t, p, "hello"); after.PID != before.PID {
		t.Error("the process was replaced")
	}
}
