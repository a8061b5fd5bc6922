package sqs

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// newHandle makes a receipt handle. It names the message, so that a handle of an earlier receive can be told from
// one that never existed.
func newHandle(id string) string {
	return base64.StdEncoding.EncodeToString([]byte("immerse|" + id + "|" + newID()))
}

// byHandle finds what a receipt handle stands for. A nil message without an error: gone, or received again since.
func (q *queue) byHandle(handle string) (*message, error) {
	raw, err := base64.StdEncoding.DecodeString(handle)
	parts := strings.Split(string(raw), "|")
	if err != nil || len(parts) != 3 || parts[0] != "immerse" {
		return nil, badHandle(handle)
	}
	m, ok := q.byID[parts[1]]
	if !ok || m.handle != handle {
		return nil, nil
	}
	return m, nil
}

// delete takes a message out. With a stale handle it succeeds and does nothing, as a standard queue does.
func (q *queue) delete(handle string) error {
	if handle == "" {
		return missing("ReceiptHandle")
	}
	m, err := q.byHandle(handle)
	if err == nil && m != nil {
		q.remove(m)
	}
	return err
}

// Delete takes a received message out of a queue.
func (s *Server) Delete(queueName, handle string) error {
	_, err := s.locked(queueName, func(q *queue) error { return q.delete(handle) })
	return err
}

type handleInput struct {
	QueueUrl          string //nolint:revive // AWS's spelling
	ReceiptHandle     string
	VisibilityTimeout int
}

func (s *Server) deleteMessage(_ context.Context, in handleInput) (nothing, error) {
	return nothing{}, s.Delete(in.QueueUrl, in.ReceiptHandle)
}

func (s *Server) changeMessageVisibility(_ context.Context, in handleInput) (nothing, error) {
	if in.VisibilityTimeout < 0 || in.VisibilityTimeout > 43200 {
		return nothing{}, badValue(fmt.Sprintf("Value %d for parameter VisibilityTimeout is invalid. "+
			"Reason: Must be between 0 and 43200.", in.VisibilityTimeout))
	}
	return s.locked(in.QueueUrl, func(q *queue) error {
		m, err := q.byHandle(in.ReceiptHandle)
		if err != nil {
			return err
		}
		now := s.now()
		if m == nil {
			return badValue("Value " + in.ReceiptHandle + " for parameter ReceiptHandle is invalid. " +
				"Reason: Message does not exist or is not available for visibility timeout change.")
		}
		if !m.visibleAt.After(now) {
			return badBatch("MessageNotInflight", "The message referred to isn't in flight.")
		}
		q.hide(m, now.Add(time.Duration(in.VisibilityTimeout)*time.Second))
		q.wake() // a timeout of 0 gives it back now
		return nil
	})
}
