package main

import (
	"io"
	"sync"
)

// A console is where the system and every function print to at once: one line after the other.
type console struct {
	mu sync.Mutex
	to io.Writer
}

// Write implements io.Writer, for any number of writers at once.
func (c *console) Write(line []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.to.Write(line)
}
