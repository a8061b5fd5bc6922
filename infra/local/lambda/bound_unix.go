//go:build unix && !linux

package lambda

import (
	"os/exec"
	"syscall"
)

// ownGroup: without Linux's parent-death signal, a process whose parent died ends by itself when it next turns to
// the Runtime API and finds nobody there.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func startBound(cmd *exec.Cmd) error { return cmd.Start() }
