package laptop

import (
	"cmp"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/protocol"
	"github.com/miict/immerse/infra/local/sqs"
)

// Options say how to start a system. Only Definition is needed.
type Options struct {
	Definition Definition

	// Address to listen on; a free port of 127.0.0.1 when empty.
	Address string
	// Site answers what is not the API and not the local pages; a placeholder when nil.
	Site http.Handler
	// Logs gets what the functions print, each line after "name | ".
	Logs io.Writer
	// Log gets what the local system itself has to say; nothing is said when nil.
	Log *slog.Logger
	// BuildFolder is where programs are built; build/local in the repository when empty.
	BuildFolder string
	// Race gives the programs the race detector. It makes starting one, which each test and each kill does, ten times as dear:
	// one system that does everything is enough, as each handler's own tests run under it too.
	Race bool

	// Visibility replaces every queue's visibility timeout, so that a test need not wait for a minute.
	Visibility time.Duration
	// Window replaces the time that every mapping waits for a batch to fill, likewise.
	Window time.Duration
	// Env is added to every function's environment.
	Env map[string]string
	// Now is the clock of the queues and the mailbox; time.Now when nil.
	Now func() time.Time
	// Begin is what everything's clock shows at first, from where it goes on and may be moved; that of Now when zero.
	Begin time.Time

	// Before sees every call to an AWS service, and may refuse it: with a *protocol.Error, or with
	// any error, which the caller sees as a failure of the service. It may take its time, and may call Kill.
	Before func(protocol.Call) error
	// Meter hears of what AWS would put on the bill; nothing is counted when nil.
	Meter Meter
	// After sees every call once it has taken effect, before the caller has its answer.
	After func(protocol.Call)
}

// A Meter counts what AWS would put on the bill.
type Meter interface {
	// Called hears of a call that was answered. Items are those that it touched: the one that a write found and the
	// one that it left, or those that a read looked at.
	Called(call protocol.Call, before, after map[string]any, answer []byte, status int)
	// Received hears of a batch of messages, empty or not, that Lambda received for a function.
	Received(function string, messages []sqs.Message)
	// Deleted hears of a request by which Lambda took out what a function had dealt with.
	Deleted(function string)
	// Carried hears of an event of SES that EventBridge put into a queue, and of whether it came by a bus of the country's
	// own.
	Carried(bytes int, byBus bool)
	// Invoked hears of an invocation.
	Invoked(f Function, run lambda.Run)
	// Logged hears of a line.
	Logged(function string, bytes int)
	// Requested hears of a request to the HTTP API, with the size of its answer.
	Requested(bytes int)
}

func (o Options) log() *slog.Logger { return cmp.Or(o.Log, slog.New(slog.DiscardHandler)) }
