package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress tells how far long work is: on one line of a terminal, and nowhere else.
type progress struct {
	out      io.Writer
	what     string
	now      func() time.Time
	next     time.Time
	done     int
	terminal bool
	shown    bool
}

const progressEvery = 200 * time.Millisecond

func (env *environment) progress(what string) *progress {
	return &progress{
		out: env.err, what: what, now: env.now, next: env.now().Add(2 * progressEvery), terminal: isTerminal(env.err),
	}
}

// step counts one more piece of work.
func (p *progress) step() {
	p.done++
	if !p.terminal || p.now().Before(p.next) {
		return
	}
	p.next, p.shown = p.now().Add(progressEvery), true
	fmt.Fprintf(p.out, "\r\x1b[K%s: %d", p.what, p.done)
}

// end takes the line away.
func (p *progress) end() {
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// isTerminal tells whether a person reads, or types, at the other end.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
