//go:build unix

package lambda

import (
	"os"
	"syscall"
)

func killGroup(p *os.Process) {
	if syscall.Kill(-p.Pid, syscall.SIGKILL) != nil {
		_ = p.Kill() // already gone, or not yet a group
	}
}
