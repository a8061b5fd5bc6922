package laptop

import (
	"cmp"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/miict/immerse/infra/local/protocol"
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

	// Visibility replaces every queue's visibility timeout, so that a test need not wait for a minute.
	Visibility time.Duration
	// Env is added to every function's environment.
	Env map[string]string
	// Now is the clock of the queues and the mailbox; time.Now when nil.
	Now func() time.Time

	// Before sees every call to an AWS service, and may refuse it: with protocol.Denied, with another
	// *protocol.Error, or with any error, which the caller sees as a failure of the service. It may take its time,
	// and may call Kill.
	Before func(protocol.Call) error
	// After sees every call once it has taken effect, before the caller has its answer.
	After func(protocol.Call)
}

func (o Options) log() *slog.Logger { return cmp.Or(o.Log, slog.New(slog.DiscardHandler)) }
