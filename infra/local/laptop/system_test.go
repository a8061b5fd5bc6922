package laptop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/miict/immerse/infra/local/laptop"
)

// buildFolder is shared, so that the programs are linked once.
var buildFolder string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var err error
	if buildFolder, err = os.MkdirTemp("", "laptop-test"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(buildFolder)
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

// count tells how many lines have all of the parts.
func (l *logs) count(parts ...string) int {
	n := 0
lines:
	for line := range strings.Lines(l.String()) {
		for _, part := range parts {
			if !strings.Contains(line, part) {
				continue lines
			}
		}
		n++
	}
	return n
}

// definition is a small system of one program in two roles: behind the API and behind a queue.
func definition() laptop.Definition {
	const folder = "infra/local/internal/echo"
	return laptop.Definition{
		Country: "es", Region: "eu-south-2", Keys: []laptop.Key{{Alias: "alias/test"}},
		Tables: []laptop.Table{{
			Name: "cases", Key: laptop.KeySchema{Partition: "id", Sort: "item"},
			Indexes: map[string]laptop.KeySchema{"by-day": {Partition: "day", Sort: "id"}},
		}},
		Queues: []laptop.Queue{
			{Name: "work-dlq", Visibility: time.Second},
			{Name: "work", Visibility: time.Second, DeadLetterQueue: "work-dlq", MaxReceiveCount: 3},
		},
		Functions: []laptop.Function{
			{Name: "front", Folder: folder, Timeout: 5 * time.Second, Concurrency: 4, Env: map[string]string{"QUEUE": "${queue:work}", "BASE": "${base}"}},
			{Name: "worker", Folder: folder, Timeout: 5 * time.Second, Concurrency: 2},
		},
		Mappings: []laptop.Mapping{{Queue: "work", Function: "worker", BatchSize: 10, Partial: true}},
		Routes:   []laptop.Route{{Key: "ANY /api/{proxy+}", Function: "front"}, {Key: "GET /status", Function: "front"}},
	}
}

func start(t *testing.T, o laptop.Options) (*laptop.System, *logs) {
	t.Helper()
	printed := &logs{}
	if o.Definition.Country == "" {
		o.Definition = definition()
	}
	o.Logs, o.BuildFolder = printed, buildFolder
	o.Log = slog.New(slog.NewTextHandler(printed, nil))
	s, err := laptop.Start(context.WithoutCancel(t.Context()), o)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("Stop: %v", err)
		}
		if t.Failed() {
			t.Logf("logs:\n%s", printed)
		}
	})
	return s, printed
}

func get(t *testing.T, url string) (int, http.Header, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, request)
}

func do(t *testing.T, request *http.Request) (int, http.Header, string) {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", request.Method, request.URL, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", request.Method, request.URL, err)
	}
	return response.StatusCode, response.Header, string(body)
}

func send(t *testing.T, s *laptop.System, bodies ...string) {
	t.Helper()
	client := sqs.NewFromConfig(s.Config())
	for _, body := range bodies {
		_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(s.Queues.URL("work")), MessageBody: &body})
		if err != nil {
			t.Fatalf("SendMessage: %v", err)
		}
	}
}

// eventually waits for something that happens by itself.
func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !happened(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// clock is that of the queues.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *clock) pass(s *laptop.System, d time.Duration) {
	c.ahead.Add(int64(d))
	s.Queues.Wake()
}

func empty(s *laptop.System, queue string) func() bool {
	return func() bool { return len(s.Queues.Bodies(queue)) == 0 }
}

func TestHTTPReachesTheFunctionAndComesBack(t *testing.T) {
	t.Parallel()
	s, _ := start(t, laptop.Options{})
	status, header, body := get(t, s.URL+"/api/hello?x=1")
	if status != 201 || header.Get("X-Echo") != "yes" || len(header.Values("Set-Cookie")) != 2 {
		t.Errorf("got %d %v", status, header)
	}
	var event struct{ RawPath, RouteKey string }
	if err := json.Unmarshal([]byte(body), &event); err != nil || event.RawPath != "/api/hello" || event.RouteKey != "ANY /api/{proxy+}" {
		t.Errorf("got %s, %v", body, err)
	}
}

func TestFiftyRequestsAtOnce(t *testing.T) {
	t.Parallel()
	s, _ := start(t, laptop.Options{})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if status, _, body := get(t, s.URL+"/api/sleep/5ms"); status != 201 {
				t.Errorf("got %d %s", status, body)
			}
		})
	}
	wg.Wait()
	if n := len(s.PIDs("front")); n > 4 {
		t.Errorf("%d processes, want 4 at most", n)
	}
}

func TestACrashIsA500AndTheNextRequestWorks(t *testing.T) {
	t.Parallel()
	s, _ := start(t, laptop.Options{})
	status, _, body := get(t, s.URL+"/api/crash")
	if status != 500 || body != `{"message":"Internal Server Error"}` {
		t.Errorf("got %d %s", status, body)
	}
	if status, _, _ := get(t, s.URL+"/api/hello"); status != 201 {
		t.Errorf("after the crash: %d", status)
	}
	if status, _, _ := get(t, s.URL+"/api/sleep/1m"); status != 500 {
		t.Errorf("after the timeout: %d", status)
	}
}

func TestMessagesAreWorkedOffInBatches(t *testing.T) {
	t.Parallel()
	s, printed := start(t, laptop.Options{})
	send(t, s, "a", "b", "c")
	eventually(t, "the queue is empty", empty(s, "work"))
	if n := printed.count(`worker | `, `"msg":"message"`, `"count":"1"`); n != 3 {
		t.Errorf("%d messages were handled, want 3", n)
	}
}

func TestOnlyTheFailuresOfABatchComeBack(t *testing.T) {
	t.Parallel()
	var later clock
	s, printed := start(t, laptop.Options{Visibility: time.Hour, Now: later.now})
	send(t, s, "good", "fail", "good")
	eventually(t, "the good are done", func() bool { return len(s.Queues.Bodies("work")) == 1 })
	for tries := 1; tries <= 3; tries++ { // each comes when the last is forgotten
		eventually(t, "the failure is tried", func() bool { return printed.count(`"body":"fail"`) == tries })
		later.pass(s, time.Hour)
	}
	eventually(t, "the failure is given up", func() bool { return len(s.Queues.Bodies("work-dlq")) == 1 })
	eventually(t, "the rest is done", empty(s, "work"))
	if n := printed.count(`"body":"good"`); n != 2 {
		t.Errorf("good messages were handled %d times, want 2", n)
	}
	if n := printed.count(`"body":"fail"`); n != 3 {
		t.Errorf("the failing one was tried %d times, want 3", n)
	}
}

func TestAMessageSurvivesTheProcessThatHandledIt(t *testing.T) {
	t.Parallel()
	var later clock
	s, printed := start(t, laptop.Options{Visibility: time.Hour, Now: later.now})
	send(t, s, "crash-once "+filepath.Join(t.TempDir(), "crashed"))
	eventually(t, "its process has crashed", func() bool { return printed.count("function process ended") == 1 })
	later.pass(s, time.Hour)
	eventually(t, "the message is done", empty(s, "work"))
	if printed.count(`"count":"1"`) != 1 || printed.count(`"count":"2"`) != 1 {
		t.Error("want one try that crashed and one that did not")
	}
}

func TestAMessageSurvivesSIGKILL(t *testing.T) {
	t.Parallel()
	var later clock
	s, printed := start(t, laptop.Options{Visibility: time.Hour, Now: later.now})
	send(t, s, "sleep 1s")
	eventually(t, "it is being handled", func() bool { return printed.count(`"count":"1"`) == 1 })
	if s.Kill("worker") == 0 {
		t.Fatal("nothing was killed")
	}
	later.pass(s, time.Hour)
	eventually(t, "the message is done", empty(s, "work"))
	if printed.count(`"count":"2"`) != 1 || len(s.Queues.Bodies("work-dlq")) != 0 {
		t.Error("want a second try that succeeds")
	}
}

func TestPoisonEndsInTheDeadLetterQueue(t *testing.T) {
	t.Parallel()
	s, printed := start(t, laptop.Options{Visibility: 600 * time.Millisecond})
	send(t, s, "crash")
	eventually(t, "it is given up", func() bool { return len(s.Queues.Bodies("work-dlq")) == 1 })
	if n := printed.count(`"body":"crash"`); n != 3 {
		t.Errorf("it was tried %d times, want 3", n)
	}
	send(t, s, "good")
	eventually(t, "the queue works on", empty(s, "work"))
}

func TestStopLeavesNoProcesses(t *testing.T) {
	t.Parallel()
	s, printed := start(t, laptop.Options{})
	send(t, s, "sleep 500ms")
	eventually(t, "it is being handled", func() bool { return printed.count(`"count":"1"`) == 1 })
	pids := append(s.PIDs("front"), s.PIDs("worker")...)
	if len(pids) < 2 {
		t.Fatalf("only processes %v", pids)
	}
	if err := s.Stop(); err != nil {
		t.Errorf("Stop: %v", err)
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("process %d is still there: %v", pid, err)
		}
	}
	if !empty(s, "work")() {
		t.Error("the batch that had begun was not finished")
	}
}

func TestTheContextEndsTheSystem(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := laptop.Start(ctx, laptop.Options{Definition: definition(), BuildFolder: buildFolder})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	eventually(t, "the processes end", func() bool { return len(s.PIDs("front"))+len(s.PIDs("worker")) == 0 })
}
