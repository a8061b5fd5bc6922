package lambda

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// ownGroup also asks the kernel to kill the process when its parent dies, however that happens.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

var launcher = sync.OnceValue(func() chan func() {
	work := make(chan func())
	go func() {
		// "Parent" means the thread that forked. One goroutine keeps one thread for good, so that a thread that
		// the Go runtime retires does not take functions with it.
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

func startBound(cmd *exec.Cmd) error {
	done := make(chan error, 1)
	launcher() <- func() { done <- cmd.Start() }
	return <-done
}
