// Package meter counts what AWS would put on the bill: it listens to a local system and adds up, by service and
// function. What things cost is in prices.json.
package meter

import (
	"encoding/json"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/protocol"
	"github.com/miict/immerse/infra/local/sqs"
)

// A Unit is something that AWS counts.
type Unit string

// The units.
const (
	WriteUnits    Unit = "write request units"
	ReadUnits     Unit = "read request units"
	QueueRequests Unit = "SQS requests"
	EmptyReceives Unit = "SQS receives that found nothing"
	Invocations   Unit = "Lambda invocations"
	Compute       Unit = "Lambda GB-seconds"
	KeyRequests   Unit = "KMS requests"
	Mails         Unit = "mails"
	MailBytes     Unit = "bytes of mails"
	APIRequests   Unit = "API requests"
	EdgeRequests  Unit = "CloudFront requests"
	EdgeBytes     Unit = "bytes to people"
	LogBytes      Unit = "bytes of logs"
	Traces        Unit = "traces"
	ObjectReads   Unit = "S3 reads"
	BusEvents     Unit = "events on a bus of one's own"
)

// A Line of the bill: who uses how much of what. Detail says for what, such as "UpdateItem applications".
type Line struct {
	Function string
	Unit     Unit
	Detail   string
}

// A Meter adds up. The zero value is ready to use, also by several at once.
type Meter struct {
	mu      sync.Mutex
	amounts map[Line]float64
}

func (m *Meter) add(function string, unit Unit, detail string, amount float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.amounts == nil {
		m.amounts = map[Line]float64{}
	}
	m.amounts[Line{function, unit, detail}] += amount
}

// Amounts are all so far.
func (m *Meter) Amounts() map[Line]float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.amounts)
}

// Reset starts again from nothing: what a start costs is not a case's.
func (m *Meter) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.amounts = nil
}

// sqsChunk is what SQS counts as one request: each 64 KB of a message.
const sqsChunk = 64 << 10

// Called implements laptop.Meter.
func (m *Meter) Called(call protocol.Call, before, after map[string]any, answer []byte, status int) {
	who := call.Caller
	if who == "" {
		return // a test's, or an operator's
	}
	switch call.Service {
	case "dynamodb":
		m.table(call, before, after, answer, status)
	case "sqs":
		m.add(who, QueueRequests, call.Action, units(max(len(call.Body), len(answer)), sqsChunk))
	case "kms":
		m.add(who, KeyRequests, call.Action, 1)
	case "s3":
		m.add(who, ObjectReads, call.Action, 1)
	case "ses":
		m.add(who, Mails, "", 1)
		m.add(who, MailBytes, "", float64(len(call.Body)))
	}
}

// table counts a call to DynamoDB. A write takes the larger of what it finds and what it leaves, and takes it even if
// its condition fails; in a transaction everything counts twice.
func (m *Meter) table(call protocol.Call, before, after map[string]any, answer []byte, status int) {
	table := strings.Join(call.Resources, "+")
	if i := strings.LastIndexByte(table, '-'); i >= 0 {
		table = table[i+1:] // immerse-es-keys: the same word in every country
	}
	detail := call.Action + " " + table + kindOf(call.Body)
	switch call.Action {
	case "PutItem", "UpdateItem", "DeleteItem":
		m.add(call.Caller, WriteUnits, detail, units(max(itemSize(before), itemSize(after)), writeUnit))
	case "GetItem", "Query", "Scan":
		var read struct {
			Item  map[string]any
			Items []map[string]any
		}
		var asked struct{ ConsistentRead bool }
		if status >= 300 || json.Unmarshal(answer, &read) != nil || json.Unmarshal(call.Body, &asked) != nil {
			return
		}
		size := itemSize(read.Item)
		for _, item := range read.Items {
			size += itemSize(item)
		}
		amount := units(size, readUnit)
		if !asked.ConsistentRead {
			amount /= 2
		}
		m.add(call.Caller, ReadUnits, detail, amount)
	default:
		m.add(call.Caller, WriteUnits, detail+" (not metered)", 0)
	}
}

// kindOf tells items of one table apart by the part of their key before a #: " ledger", " root#", " due#".
func kindOf(body []byte) string {
	type key struct{ S string }
	var named struct{ Key, Item map[string]key }
	_ = json.Unmarshal(body, &named) // attributes that aren't texts are left out
	for _, attributes := range []map[string]key{named.Key, named.Item} {
		for _, name := range []string{"reference", "item", "id"} {
			kind, _, several := strings.Cut(attributes[name].S, "#")
			switch {
			case several:
				return " " + kind + "#"
			case name == "item" && kind != "":
				return " " + kind
			}
		}
	}
	return ""
}

// Received implements laptop.Meter.
func (m *Meter) Received(function string, messages []sqs.Message) {
	if len(messages) == 0 {
		m.add(function, EmptyReceives, "", 1)
		return
	}
	size := 0
	for _, message := range messages {
		size += len(message.Body)
	}
	m.add(function, QueueRequests, "ReceiveMessage", units(size, sqsChunk))
}

// Deleted implements laptop.Meter.
func (m *Meter) Deleted(function string) { m.add(function, QueueRequests, "DeleteMessageBatch", 1) }

// Carrying is the function in the lines of what EventBridge does for a country: it brings SES's events into the queue.
const Carrying = "EventBridge"

// Carried implements laptop.Meter. What a service of AWS says on the default bus is free, and so is a rule; an event that is
// passed on to another bus costs what one's own does. EventBridge's requests to SQS are taken to be billed like all others.
func (m *Meter) Carried(bytes int, byBus bool) {
	m.add(Carrying, QueueRequests, "SendMessage", units(bytes, sqsChunk))
	if byBus {
		m.add(Carrying, BusEvents, "", units(bytes, sqsChunk))
	}
}

// platformLines are what Lambda itself logs of an invocation unless it is told to log warnings only: START, END and REPORT,
// with request id, durations, memory and the trace, as AWS's examples show them.
const platformLines = 420

// eventOverhead is what CloudWatch Logs adds to the size of each event.
const eventOverhead = 26

// Invoked implements laptop.Meter. Init is billed as well since August 2025. An invocation of a function that is actively
// traced counts as a trace of its own: those of a queue aren't joined to what put the messages there. How many of them
// X-Ray takes is for Sampled to say.
func (m *Meter) Invoked(f laptop.Function, run lambda.Run) {
	milliseconds := (run.Took + time.Millisecond - 1).Truncate(time.Millisecond)
	m.add(f.Name, Invocations, "", 1)
	m.add(f.Name, Compute, "run", milliseconds.Seconds()*float64(f.MemoryMB)/1024)
	if run.Init > 0 {
		m.add(f.Name, Compute, "start", run.Init.Seconds()*float64(f.MemoryMB)/1024)
	}
	if f.Traced {
		m.add(f.Name, Traces, "", 1)
	}
	if f.Logging.KeepsInvocations() {
		m.add(f.Name, LogBytes, "Lambda's own lines", platformLines+3*eventOverhead)
	}
}

// Sampled is the share of a function's invocations that X-Ray traces at a rate of so many a second: the first of each
// second and 5 % of the rest. For Lambda this can't be set otherwise.
func Sampled(rate float64) float64 {
	if rate <= 1 {
		return 1
	}
	return (1 + 0.05*(rate-1)) / rate
}

// Logged implements laptop.Meter.
func (m *Meter) Logged(function string, bytes int) {
	m.add(function, LogBytes, "the function's lines", float64(bytes+eventOverhead))
}

// accessLine is the API's access log of one request.
const accessLine = 320

// Requested implements laptop.Meter. Every request to the API comes through the edge.
func (m *Meter) Requested(bytes int) {
	const function = "edge and API"
	m.add(function, APIRequests, "", 1)
	m.add(function, EdgeRequests, "", 1)
	m.add(function, EdgeBytes, "", float64(bytes))
	m.add(function, LogBytes, "the API's access log", accessLine+eventOverhead)
}
