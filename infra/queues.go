package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

// maxReceives is how often a message is tried before it is put aside.
const maxReceives = 5

// Retention, in days. A dead letter keeps the age it had, so its queue must keep longer than the one it came from: an
// operator has ten days or more to look at it.
const (
	queueRetention      = 4
	deadLetterRetention = 14
)

// A queue and the one that takes what could not be handled.
type queue struct {
	id   string // of the template, in front of what belongs to it
	name string
	main awssqs.Queue
	dead awssqs.Queue
	// reader is the function that works on it; empty while there is none.
	reader string
	urgent bool // for those who can't wait (decision 2002)
}

// queues of one country. percolation is apart from matching, so that who applies never waits behind all who did before.
// feedback holds SES's own events. Those who can't wait have queues of their own wherever many others could be before them.
type queues struct {
	matching, notification, percolation, feedback queue
	matchingUrgent, notificationUrgent            queue
}

func (q queues) all() []queue {
	return []queue{q.matching, q.matchingUrgent, q.notification, q.notificationUrgent, q.percolation, q.feedback}
}

// deadLetters gives something of each dead-letter queue.
func (q queues) deadLetters(of func(awssqs.Queue) *string) *[]*string {
	var all []*string
	for _, each := range q.all() {
		all = append(all, of(each.dead))
	}
	return &all
}

func newQueues(stack awscdk.Stack, n names) queues {
	return queues{
		matching:     newQueue(stack, n, "Matching", "matching", "matching"),
		notification: newQueue(stack, n, "Notification", "notification", "notification"),
		percolation:  newQueue(stack, n, "Percolation", "percolation", "percolation"),
		feedback:     newQueue(stack, n, "Feedback", "feedback", "feedback"),

		matchingUrgent:     newUrgentQueue(stack, n, "matching"),
		notificationUrgent: newUrgentQueue(stack, n, "notification"),
	}
}

// urgentSuffix is how the queue of those who can't wait is called, after the name of the one of all others.
const urgentSuffix = "-urgent"

func newUrgentQueue(stack awscdk.Stack, n names, reader string) queue {
	made := newQueue(stack, n, title(reader)+"Urgent", reader+urgentSuffix, reader)
	made.urgent = true
	return made
}

func newQueue(stack awscdk.Stack, n names, id, name, reader string) queue {
	dead := awssqs.NewQueue(stack, jsii.String(id+"DeadLetters"), &awssqs.QueueProps{
		QueueName:         jsii.String(n.of(name + "-dlq")),
		RetentionPeriod:   days(deadLetterRetention),
		VisibilityTimeout: seconds(visibility(reader)),
		Encryption:        awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:        jsii.Bool(true),
	})
	main := awssqs.NewQueue(stack, jsii.String(id+"Queue"), &awssqs.QueueProps{
		QueueName:         jsii.String(n.of(name)),
		RetentionPeriod:   days(queueRetention),
		VisibilityTimeout: seconds(visibility(reader)),
		Encryption:        awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:        jsii.Bool(true),
		DeadLetterQueue:   &awssqs.DeadLetterQueue{Queue: dead, MaxReceiveCount: jsii.Number(maxReceives)},
	})
	return queue{id: id, name: name, main: main, dead: dead, reader: reader}
}

// visibility is AWS's own rule: six times the reader's timeout and the time that a batch takes to fill, so that a message
// does not come back while its batch, held up by throttling, is still being tried. A minute where nobody reads yet.
func visibility(reader string) float64 {
	if size, ok := sizes[reader]; ok {
		return 6*size.timeout + size.window
	}
	return 60
}

func seconds(n float64) awscdk.Duration { return awscdk.Duration_Seconds(&n) }

func days(n float64) awscdk.Duration { return awscdk.Duration_Days(&n) }
