package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func environment(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

// address reads the announcement up to the site's address.
func address(t *testing.T, out io.Reader) string {
	t.Helper()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "Site "); ok {
			url = strings.TrimSpace(url)
			go io.Copy(io.Discard, out) // so that the writer never waits
			return strings.TrimSuffix(url, "/")
		}
	}
	t.Fatal("it ended before it was ready")
	return ""
}

// program is this command, built once.
var program = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "local")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "local")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return path, fmt.Errorf("building: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// running starts the system, and gives it with its address.
func running(t *testing.T) (cmd *exec.Cmd, url string) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.CommandContext(t.Context(), path)
	cmd.Env = append(os.Environ(), "PORT=0", "COUNTRY=CY", "CLOCK=2030-12-24T09:00")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("it said: %s", said.String())
		}
	})
	return cmd, address(t, out)
}

func TestTheSystemRunsUntilItIsInterrupted(t *testing.T) {
	cmd, url := running(t)
	for path, status := range map[string]int{"/": 200, "/_local/": 200, "/_local/mail.json": 200, "/_local/queues.json": 200, "/_local/clock.json": 200, "/nowhere": 404} {
		response, err := http.Get(url + path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != status {
			t.Errorf("%s: got %d, want %d", path, response.StatusCode, status)
		}
		if path == "/_local/queues.json" && !strings.Contains(string(body), `{"name":"immerse-cy-matching","visible":0,"in_flight":0,"delayed":0,"dlq":"immerse-cy-matching-dlq"}`) {
			t.Errorf("queues: %s", body)
		}
		if path == "/_local/clock.json" && !strings.Contains(string(body), `"now":"2030-12-24T09:`) {
			t.Errorf("the clock: %s", body)
		}
	}
	_ = cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if response, err := http.Get(url); err == nil {
		response.Body.Close()
		t.Error("the port is still open")
	}
}

func TestATakenPortIsSaidClearly(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	err = run(t.Context(), []string{"-port", port}, environment(nil), io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "port "+port+" is taken") || !strings.Contains(err.Error(), "PORT=") {
		t.Errorf("got %v", err)
	}
}

func TestWrongUse(t *testing.T) {
	var said bytes.Buffer
	if err := run(t.Context(), []string{"--help"}, environment(nil), io.Discard, &said); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("--help: got %v", err)
	}
	if !strings.Contains(said.String(), "COUNTRY") || !strings.Contains(said.String(), "cy, es, it") {
		t.Errorf("--help says %s", said.String())
	}
	err := run(t.Context(), nil, environment(map[string]string{"COUNTRY": "atlantis"}), io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "cy, es, it") {
		t.Errorf("unknown country: got %v", err)
	}
	if err := run(t.Context(), nil, environment(map[string]string{"CLOCK": "soon"}), io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "CLOCK") {
		t.Errorf("a clock that can't be read: got %v", err)
	}
	if err := run(t.Context(), []string{"extra"}, environment(nil), io.Discard, io.Discard); err == nil {
		t.Error("an extra argument was taken")
	}
}
