package sqs

import (
	"container/heap"
	"time"
)

// Settings are a queue's attributes, as durations so that tests can go below AWS's whole seconds.
type Settings struct {
	Visibility      time.Duration
	Delay           time.Duration
	Retention       time.Duration
	Wait            time.Duration // long poll when a receive does not say
	MaxBytes        int
	DeadLetterQueue string // name of the queue that takes what was received too often; "" for none
	MaxReceiveCount int
	other           map[string]string // kept and given back, without effect: KmsMasterKeyId, Policy …
}

// Defaults are AWS's.
func Defaults() Settings {
	return Settings{Visibility: 30 * time.Second, Retention: 4 * 24 * time.Hour, MaxBytes: maxBytes}
}

const maxBytes = 1 << 20

// message is one message in a queue. It is visible from visibleAt on; deleting it takes it out of the heap.
type message struct {
	id, body   string
	attributes map[string]attributeValue
	trace      string // AWSTraceHeader
	sender     string
	sent       time.Time
	visibleAt  time.Time
	first      time.Time // first received
	receives   int
	handle     string // of the latest receive: only that one counts
	deadFrom   string // ARN of the queue that it was moved from
	order      uint64
	index      int // in the heap
}

// queue holds messages ordered by the time they become visible, so that every step costs the logarithm of its size.
type queue struct {
	name     string
	settings Settings
	messages messageHeap
	byID     map[string]*message
	created  time.Time
	purged   time.Time
	changed  chan struct{} // closed when there may be something new to receive
}

func newQueue(name string, settings Settings, now time.Time) *queue {
	return &queue{name: name, settings: settings, byID: map[string]*message{}, created: now, changed: make(chan struct{})}
}

// add puts a message in and wakes whoever waits for one.
func (q *queue) add(m *message) {
	q.byID[m.id] = m
	heap.Push(&q.messages, m)
	q.wake()
}

func (q *queue) remove(m *message) {
	heap.Remove(&q.messages, m.index)
	delete(q.byID, m.id)
}

// hide makes a message invisible until a time.
func (q *queue) hide(m *message, until time.Time) {
	m.visibleAt = until
	heap.Fix(&q.messages, m.index)
}

func (q *queue) wake() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// expire drops what is older than the retention period. It looks at every message: callers do it rarely.
func (q *queue) expire(now time.Time) {
	for _, m := range q.byID {
		if !now.Before(m.sent.Add(q.settings.Retention)) {
			q.remove(m)
		}
	}
}

// count tells how many messages can be received, have been and are hidden, and are delayed.
func (q *queue) count(now time.Time) (visible, inFlight, delayed int) {
	for _, m := range q.messages {
		switch {
		case !m.visibleAt.After(now):
			visible++
		case m.receives > 0 && m.handle != "":
			inFlight++
		default:
			delayed++
		}
	}
	return visible, inFlight, delayed
}

type messageHeap []*message

func (h messageHeap) Len() int { return len(h) }

func (h messageHeap) Less(i, j int) bool {
	if h[i].visibleAt.Equal(h[j].visibleAt) {
		return h[i].order < h[j].order
	}
	return h[i].visibleAt.Before(h[j].visibleAt)
}

func (h messageHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *messageHeap) Push(x any) {
	m := x.(*message)
	m.index = len(*h)
	*h = append(*h, m)
}

func (h *messageHeap) Pop() any {
	old := *h
	m := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return m
}
