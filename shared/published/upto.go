package published

import (
	"context"
	"time"
)

// UpTo is Current for who has heard of a catalogue by its version: unless that is the one in the pointer, it asks the
// bucket now, however short a time ago it did. What it gives may still be another one, former or newer.
func (f *Follower[T]) UpTo(ctx context.Context, catalogue string) (Edition[T], error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.pointer.Current.Catalogue != catalogue {
		f.asked = time.Time{}
	}
	return f.current(ctx)
}
