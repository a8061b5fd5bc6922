package ses

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Mail is one accepted e-mail, in the form of /_local/mail.json.
type Mail struct {
	ID      string            `json:"id"`
	At      time.Time         `json:"at"`
	From    string            `json:"from"`
	To      []string          `json:"to"` // every recipient's bare address, Cc and Bcc too
	Subject string            `json:"subject"`
	Headers map[string]string `json:"headers"`
	Text    string            `json:"text"`
	HTML    string            `json:"html"`
}

// Mailbox holds every mail that was sent, whoever it was for. The zero value is ready to use.
type Mailbox struct {
	mu      sync.Mutex
	mails   []Mail
	arrived chan struct{} // closed on the next arrival
}

func (b *Mailbox) add(m Mail) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mails = append(b.mails, m)
	if b.arrived != nil {
		close(b.arrived)
		b.arrived = nil
	}
}

// All gives every mail, oldest first; never nil.
func (b *Mailbox) All() []Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Mail{}, b.mails...)
}

// To gives the mails that one address received, oldest first.
func (b *Mailbox) To(address string) []Mail {
	return slices.DeleteFunc(b.All(), func(m Mail) bool { return !slices.Contains(m.To, address) })
}

// Wait waits until there are at least n mails, and gives all that are there. When ctx ends first, it gives what there
// is and an error.
func (b *Mailbox) Wait(ctx context.Context, n int) ([]Mail, error) {
	for {
		b.mu.Lock()
		if b.arrived == nil {
			b.arrived = make(chan struct{})
		}
		arrived, have := b.arrived, len(b.mails)
		b.mu.Unlock()
		if have >= n {
			return b.All(), nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return b.All(), fmt.Errorf("waiting for %d mails, have %d: %w", n, have, ctx.Err())
		}
	}
}
