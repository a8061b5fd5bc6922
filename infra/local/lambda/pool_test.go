package lambda_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/lambda"
)

var program string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "lambda-test")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	root, err := lambda.Root()
	if err != nil {
		panic(err)
	}
	program, err = lambda.Build(context.Background(), root, "infra/local/internal/echo", filepath.Join(folder, "echo"), lambda.Race)
	if err != nil {
		panic(err)
	}
	return m.Run()
}

// logs may be written by several processes at once.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// wait waits until something was printed.
func (l *logs) wait(t *testing.T, what string) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !strings.Contains(l.String(), what); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%q was never printed", what)
		}
	}
}

// start runs the echo function behind a Runtime API of its own.
func start(t *testing.T, change func(*lambda.Function)) (*lambda.Pool, *logs) {
	t.Helper()
	api := &lambda.API{}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	printed := &logs{}
	f := lambda.Function{
		Name: "echo", Program: program, Timeout: time.Minute, Concurrency: 4,
		RuntimeAPI: strings.TrimPrefix(server.URL, "http://"), Logs: printed,
	}
	if change != nil {
		change(&f)
	}
	pool := lambda.NewPool(f, slog.New(slog.DiscardHandler))
	api.Add(pool)
	pool.Start()
	t.Cleanup(func() {
		if err := pool.Stop(t.Context()); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("Stop: %v", err)
		}
		if pids := pool.PIDs(); len(pids) != 0 {
			t.Errorf("processes left: %v", pids)
		}
	})
	return pool, printed
}

type reply struct {
	PID    int    `json:"pid"`
	ARN    string `json:"arn"`
	LeftMS int    `json:"left_ms"`
}

func do(t *testing.T, p *lambda.Pool, what string) (reply, error) {
	t.Helper()
	raw, err := p.Invoke(t.Context(), fmt.Appendf(nil, `{"do":%q}`, what))
	var r reply
	if err == nil {
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
	}
	return r, err
}

func must(t *testing.T, p *lambda.Pool, what string) reply {
	t.Helper()
	r, err := do(t, p, what)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return r
}

func wantType(t *testing.T, err error, kind string) {
	t.Helper()
	var failed *lambda.InvokeError
	if !errors.As(err, &failed) || failed.Type != kind {
		t.Errorf("got error %v, want one of type %s", err, kind)
	}
}

func TestOneProcessServesInvocationsInARow(t *testing.T) {
	t.Parallel()
	p, _ := start(t, nil)
	first := must(t, p, "echo")
	for range 20 {
		if next := must(t, p, "echo"); next.PID != first.PID {
			t.Fatalf("process %d after %d: a second one was not needed", next.PID, first.PID)
		}
	}
	if first.LeftMS < 1 || first.LeftMS > 60_000 || !strings.HasSuffix(first.ARN, ":function:echo") {
		t.Errorf("got %+v", first)
	}
}

func TestConcurrencyIsBounded(t *testing.T) {
	t.Parallel()
	p, _ := start(t, func(f *lambda.Function) { f.Concurrency = 3 })
	var mu sync.Mutex
	pids := map[int]bool{}
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			r, err := do(t, p, "sleep 100ms")
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			pids[r.PID] = true
		})
	}
	wg.Wait()
	if len(pids) != 3 {
		t.Errorf("%d processes worked, want 3", len(pids))
	}
}

func TestACrashFailsItsInvocationAndTheProcessIsReplaced(t *testing.T) {
	t.Parallel()
	p, _ := start(t, nil)
	before := must(t, p, "echo")
	_, err := do(t, p, "crash")
	wantType(t, err, "Runtime.ExitError")
	_, err = do(t, p, "panic")
	wantType(t, err, "string") // aws-lambda-go reports a panic's type, then exits
	if after := must(t, p, "echo"); after.PID == before.PID {
		t.Error("the crashed process answered")
	}
}

func TestAnErrorKeepsTheProcess(t *testing.T) {
	t.Parallel()
	p, _ := start(t, nil)
	before := must(t, p, "echo")
	_, err := do(t, p, "fail")
	wantType(t, err, "errorString")
	if after := must(t, p, "echo"); after.PID != before.PID {
		t.Error("an error cost the process")
	}
}

func TestTheTimeoutEndsTheProcess(t *testing.T) {
	t.Parallel()
	p, _ := start(t, func(f *lambda.Function) { f.Timeout = 3 * time.Second })
	before := must(t, p, "echo")
	_, err := do(t, p, "sleep 1h")
	wantType(t, err, "Sandbox.Timedout")
	if after := must(t, p, "echo"); after.PID == before.PID {
		t.Error("the hung process answered")
	}
}

func TestKillFailsWhatRuns(t *testing.T) {
	t.Parallel()
	p, printed := start(t, nil)
	must(t, p, "echo")
	failed := make(chan error, 1)
	go func() { _, err := do(t, p, "sleep 1m"); failed <- err }()
	printed.wait(t, "sleeping")
	if n := p.Kill(); n != 1 {
		t.Errorf("killed %d processes, want 1", n)
	}
	wantType(t, <-failed, "Runtime.ExitError")
	must(t, p, "echo")
}

func TestAProgramThatCannotStartFailsInvocationsAndIsTriedAgain(t *testing.T) {
	t.Parallel()
	p, printed := start(t, func(f *lambda.Function) { f.Env = map[string]string{"BROKEN": "yes"} })
	<-p.Ready()
	_, err := do(t, p, "echo")
	wantType(t, err, "Runtime.ExitError")
	if got := printed.String(); !strings.Contains(got, `echo | {"msg":"cannot start"}`+"\n") {
		t.Errorf("logs: %q", got)
	}
}

func TestAProgramThatIsNotThereFailsInvocations(t *testing.T) {
	t.Parallel()
	p, _ := start(t, func(f *lambda.Function) { f.Program = "/nowhere" })
	_, err := do(t, p, "echo")
	wantType(t, err, "Runtime.ExitError")
}

func TestTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	p, _ := start(t, nil)
	_, err := do(t, p, "big")
	wantType(t, err, "Function.ResponseSizeTooLarge")
	_, err = do(t, p, strings.Repeat("x", lambda.MaxPayload))
	wantType(t, err, "RequestTooLarge")
	must(t, p, "echo")
}

func TestAnInvocationNobodyWaitsForIsWithdrawn(t *testing.T) {
	t.Parallel()
	p, printed := start(t, func(f *lambda.Function) { f.Concurrency = 1 })
	must(t, p, "echo")
	go func() { _, _ = do(t, p, "sleep 3s") }()
	printed.wait(t, "sleeping")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.Invoke(ctx, []byte(`{"do":"crash"}`)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	must(t, p, "echo") // would fail if the crash had been run
}

func TestOnlyWhatIsSaidIsInTheEnvironment(t *testing.T) {
	t.Setenv("AWS_PROFILE", "production")
	t.Setenv("SECRET_OF_THE_DEVELOPER", "x")
	p, _ := start(t, func(f *lambda.Function) { f.Env = map[string]string{"COUNTRY": "es"} })
	raw, err := p.Invoke(t.Context(), []byte(`{"do":"environment"}`))
	if err != nil {
		t.Fatal(err)
	}
	var environment []string
	if err := json.Unmarshal(raw, &environment); err != nil {
		t.Fatal(err)
	}
	for _, line := range environment {
		if strings.HasPrefix(line, "AWS_PROFILE=") || strings.HasPrefix(line, "SECRET") || strings.HasPrefix(line, "HOME=") {
			t.Errorf("inherited %s", line)
		}
	}
	for _, want := range []string{"COUNTRY=es", "AWS_LAMBDA_FUNCTION_NAME=echo", "TZ=UTC", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST"} {
		if !slices.Contains(environment, want) {
			t.Errorf("%s is missing from %v", want, environment)
		}
	}
}

func TestStopEndsEveryProcess(t *testing.T) {
	t.Parallel()
	p, printed := start(t, nil)
	<-p.Ready()
	var finished atomic.Int32
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			switch _, err := do(t, p, "sleep 300ms"); {
			case err == nil:
				finished.Add(1)
			case !errors.Is(err, lambda.ErrStopped): // which it was before a process was up for this one
				t.Errorf("an invocation that had begun was cut: %v", err)
			}
		})
	}
	printed.wait(t, "sleeping")
	pids := p.PIDs()
	if err := p.Stop(t.Context()); err != nil {
		t.Errorf("Stop: %v", err)
	}
	wg.Wait()
	if finished.Load() == 0 {
		t.Error("no invocation was let finish")
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("process %d is still there: %v", pid, err)
		}
	}
	if _, err := do(t, p, "echo"); !errors.Is(err, lambda.ErrStopped) {
		t.Errorf("after Stop: %v", err)
	}
}
