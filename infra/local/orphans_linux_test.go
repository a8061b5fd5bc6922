package main

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// children reads the process ids of a process's children.
func children(t *testing.T, pid int) []int {
	t.Helper()
	tasks, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
	var ids []int
	for _, task := range tasks {
		raw, err := os.ReadFile(task)
		if err != nil {
			continue // the thread has ended
		}
		for field := range strings.FieldsSeq(string(raw)) {
			id, err := strconv.Atoi(field)
			if err != nil {
				t.Fatalf("%s: %v", task, err)
			}
			ids = append(ids, id)
		}
	}
	return ids
}

func TestFunctionsDieWithTheSystemHoweverItEnds(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		cmd, _ := running(t)
		functions := children(t, cmd.Process.Pid)
		if len(functions) == 0 {
			t.Fatal("no functions are running")
		}
		_ = cmd.Process.Signal(signal)
		err := cmd.Wait()
		if signal != syscall.SIGKILL && err != nil {
			t.Errorf("after %v it ended with %v", signal, err)
		}
		for _, id := range functions {
			for deadline := time.Now().Add(5 * time.Minute); !errors.Is(syscall.Kill(id, 0), syscall.ESRCH) && !zombie(id); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("after %v function process %d still runs", signal, id)
				}
			}
		}
	}
}

// zombie tells whether a process has ended and only waits for whoever inherited it to notice.
func zombie(id int) bool {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(id) + "/stat")
	return err == nil && strings.Contains(string(raw), ") Z ")
}
