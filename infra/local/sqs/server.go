// Package sqs is Amazon SQS in memory, as far as Immerse uses it: standard queues over the AWS JSON protocol, with
// visibility timeouts, receive counts, delays, retention, long polling and redrive to a dead-letter queue.
//
// FIFO queues, tags, permissions and message move tasks are left out.
package sqs

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/miict/immerse/infra/local/protocol"
)

// Account is the AWS account that everything local belongs to.
const Account = "000000000000"

// Server holds the queues. Its methods may be called at the same time.
type Server struct {
	// Base is the address that queue URLs begin with, for example http://127.0.0.1:8080.
	Base string
	// Region is put into ARNs.
	Region string
	// Now is the clock; time.Now when nil. After moving a clock by hand, call Wake.
	Now func() time.Time

	mu     sync.Mutex
	queues map[string]*queue
	order  uint64
}

// QueueCounts is the state of one queue.
type QueueCounts struct {
	Name     string  `json:"name"`
	Visible  int     `json:"visible"`
	InFlight int     `json:"in_flight"`
	Delayed  int     `json:"delayed"`
	DLQ      *string `json:"dlq"`
}

// Operations gives the server's actions for serving over HTTP.
func (s *Server) Operations() protocol.Operations {
	return protocol.Operations{
		"CreateQueue":             protocol.Op(s.createQueue),
		"DeleteQueue":             protocol.Op(s.deleteQueue),
		"GetQueueUrl":             protocol.Op(s.getQueueURL),
		"GetQueueAttributes":      protocol.Op(s.getQueueAttributes),
		"SetQueueAttributes":      protocol.Op(s.setQueueAttributes),
		"ListQueues":              protocol.Op(s.listQueues),
		"PurgeQueue":              protocol.Op(s.purgeQueue),
		"SendMessage":             protocol.Op(s.sendMessage),
		"SendMessageBatch":        protocol.Op(s.sendMessageBatch),
		"ReceiveMessage":          protocol.Op(s.receiveMessage),
		"DeleteMessage":           protocol.Op(s.deleteMessage),
		"DeleteMessageBatch":      protocol.Op(s.deleteMessageBatch),
		"ChangeMessageVisibility": protocol.Op(s.changeMessageVisibility),
	}
}

// Create makes a queue, or gives an existing one these settings.
func (s *Server) Create(name string, settings Settings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q, ok := s.queues[name]; ok {
		q.settings = settings
		return
	}
	s.add(name, settings)
}

func (s *Server) add(name string, settings Settings) {
	if s.queues == nil {
		s.queues = map[string]*queue{}
	}
	s.queues[name] = newQueue(name, settings, s.now())
}

// URL is a queue's address.
func (s *Server) URL(name string) string { return s.Base + "/" + Account + "/" + name }

// ARN is a queue's Amazon resource name.
func (s *Server) ARN(name string) string {
	return "arn:aws:sqs:" + cmp.Or(s.Region, "eu-south-2") + ":" + Account + ":" + name
}

// Counts tells the state of every queue, by name.
func (s *Server) Counts() []QueueCounts {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	all := make([]QueueCounts, 0, len(s.queues))
	for _, q := range s.queues {
		q.expire(now)
		c := QueueCounts{Name: q.name}
		c.Visible, c.InFlight, c.Delayed = q.count(now)
		if q.settings.DeadLetterQueue != "" {
			c.DLQ = &q.settings.DeadLetterQueue
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b QueueCounts) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Bodies gives the bodies of all messages in a queue, visible or not, oldest first: for tests that search them.
func (s *Server) Bodies(name string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, ok := s.queues[name]
	if !ok {
		return nil
	}
	all := slices.SortedFunc(slices.Values(q.messages), func(a, b *message) int { return cmp.Compare(a.order, b.order) })
	bodies := make([]string, len(all))
	for i, m := range all {
		bodies[i] = m.body
	}
	return bodies
}

// Next tells when the first message of a queue can be received, which may be past; never, if ok is false.
func (s *Server) Next(name string) (at time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[name]
	if q == nil || len(q.messages) == 0 {
		return time.Time{}, false
	}
	return q.messages[0].visibleAt, true
}

// Wake makes every waiting receive look at its queue again.
func (s *Server) Wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.queues {
		q.wake()
	}
}

func (s *Server) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// find gives the queue that a URL or ARN ends with. Callers hold the lock.
func (s *Server) find(url string) (*queue, error) {
	if url == "" {
		return nil, missing("QueueUrl")
	}
	if q, ok := s.queues[path.Base(url)]; ok {
		return q, nil
	}
	return nil, noQueue()
}

func nameOfARN(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }

// newID makes an id in the form of a random UUID.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

type nothing struct{}

// locked runs f on the queue that url names, under the lock.
func (s *Server) locked(url string, f func(*queue) error) (nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.find(url)
	if err != nil {
		return nothing{}, err
	}
	return nothing{}, f(q)
}

func (s *Server) purgeQueue(_ context.Context, in queueURL) (nothing, error) {
	return s.locked(in.QueueUrl, func(q *queue) error {
		now := s.now()
		if now.Before(q.purged.Add(time.Minute)) {
			return badBatch("PurgeQueueInProgress", "Only one PurgeQueue operation on "+q.name+" is allowed every 60 seconds.")
		}
		q.purged = now
		for len(q.messages) > 0 {
			q.remove(q.messages[0])
		}
		return nil
	})
}
