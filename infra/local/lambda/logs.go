package lambda

import (
	"bytes"
	"io"
	"sync"
)

// lineWriter passes whole lines on, after the function's name, so that processes which print at the same time do not
// mix within a line. Lines are not changed: JSON stays JSON.
type lineWriter struct {
	name string
	to   io.Writer
	mu   sync.Mutex
	rest []byte
}

const maxLine = 1 << 20

func (w *lineWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest = append(w.rest, b...)
	for {
		i := bytes.IndexByte(w.rest, '\n')
		if i < 0 {
			break
		}
		w.line(w.rest[:i])
		w.rest = w.rest[i+1:]
	}
	if len(w.rest) > maxLine {
		w.line(w.rest)
		w.rest = nil
	}
	return len(b), nil
}

// flush passes on what a process printed last without ending the line.
func (w *lineWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.rest) > 0 {
		w.line(w.rest)
		w.rest = nil
	}
}

func (w *lineWriter) line(text []byte) {
	if w.to == nil {
		return
	}
	line := append([]byte(w.name+" | "), text...)
	_, _ = w.to.Write(append(line, '\n')) // a log nobody takes is no reason to stop
}
