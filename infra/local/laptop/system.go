// Package laptop runs the whole of Immerse in one process tree: the tables, queues, keys and mail in memory, the
// Lambda programs as processes, the HTTP API and the site, all on one port.
//
// Tests start one with Start and look inside with the methods of System.
package laptop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/truora/minidyn/server"

	"github.com/miict/immerse/infra/local/gateway"
	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/kms"
	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/pages"
	"github.com/miict/immerse/infra/local/s3"
	"github.com/miict/immerse/infra/local/ses"
	"github.com/miict/immerse/infra/local/sqs"
)

// System is a running system.
type System struct {
	// URL is the public address, without a slash at the end.
	URL string
	// Mailbox has every mail that was sent.
	Mailbox *ses.Mailbox
	// Queues are the SQS queues.
	Queues *sqs.Server

	options   Options
	log       *slog.Logger
	endpoint  string // where functions find AWS
	dynamodb  *server.Server
	keys      kms.Server
	objects   s3.Server
	mail      ses.Server
	runtime   lambda.API
	pools     map[string]*lambda.Pool
	callers   map[string]string // function names by access key
	clock     *clock
	moving    sync.Mutex   // the clock, one move at a time
	inHand    atomic.Int64 // batches of messages that functions are given
	places    iam.Places
	ledger    iam.Ledger
	tableKeys sync.Map // functions and tables whose key was checked
	gateway   gateway.Gateway
	pages     http.Handler

	http     *http.Server
	cancel   context.CancelFunc
	mappings sync.WaitGroup
	stop     func() error
}

// Start boots a system and returns when its functions have come up. The caller must Stop it; it also ends when ctx
// does.
func Start(ctx context.Context, o Options) (*System, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cmp.Or(o.Address, "127.0.0.1:0"))
	if err != nil {
		return nil, fmt.Errorf("opening the port: %w", err)
	}
	s := newSystem(o, listener.Addr())
	if err := s.boot(ctx, listener); err != nil {
		_ = listener.Close()
		return nil, errors.Join(err, s.Stop())
	}
	context.AfterFunc(ctx, func() { _ = s.Stop() })
	return s, nil
}

func newSystem(o Options, address net.Addr) *System {
	host, port, _ := net.SplitHostPort(address.String())
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	s := &System{
		options: o, log: o.log(),
		URL: "http://localhost:" + port, endpoint: "http://" + net.JoinHostPort(host, port),
		dynamodb: server.NewServer(), pools: map[string]*lambda.Pool{}, callers: map[string]string{},
		clock: newClock(o),
	}
	s.Queues = &sqs.Server{Base: s.endpoint, Region: o.Definition.Region, Now: s.Now}
	s.keys.Region = o.Definition.Region
	s.places = iam.Places{
		Region: o.Definition.Region, Account: sqs.Account, MailRegion: o.Definition.Mail.Region,
		Key: s.keys.Named, Partition: o.Definition.partition,
	}
	s.objects.Now, s.objects.MayList = s.Now, s.mayList
	s.mail.Now = s.Now
	s.mail.Report = s.hear
	s.Mailbox = &s.mail.Mailbox
	s.gateway.Log = s.log
	sweep := func(ctx context.Context) ([]byte, error) {
		if _, err := s.Invoke(ctx, "feedback", []byte(`{}`)); err != nil {
			return nil, err
		}
		return s.Invoke(ctx, "followup", []byte(`{"at_once":true}`))
	}
	s.pages = pages.Pages{
		Country: o.Definition.Country, Mailbox: s.Mailbox, Queues: s.Queues, Sweep: sweep, Clock: s, Zone: s.zone(), Log: s.log,
	}.Handler()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: readHeaderTimeout}
	s.cancel = func() {}
	s.stop = sync.OnceValue(s.shutDown)
	return s
}

// Feedback is the queue that SES's events get into.
func (s *System) Feedback() string { return s.options.Definition.Mail.Feedback }

// hear puts an event of SES where EventBridge would.
func (s *System) hear(event []byte) {
	mail := s.options.Definition.Mail
	if queue := mail.Feedback; queue != "" {
		if s.options.Meter != nil {
			s.options.Meter.Carried(len(event), mail.ByBus)
		}
		if err := s.Queues.Put(queue, string(event)); err != nil {
			s.log.Error("an event of SES is lost", "error", err)
		}
	}
}

// Kill ends all processes of a function with SIGKILL, as a crash would, waits until they are gone, and reports how
// many there were. The system starts the function again by itself.
func (s *System) Kill(function string) int {
	if pool, ok := s.pools[function]; ok {
		return pool.Kill()
	}
	return 0
}

// PIDs gives the process ids of a function.
func (s *System) PIDs(function string) []int {
	if pool, ok := s.pools[function]; ok {
		return pool.PIDs()
	}
	return nil
}

// Invoke invokes a function directly, as a schedule would.
func (s *System) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	pool, ok := s.pools[function]
	if !ok {
		return nil, fmt.Errorf("there is no function %q", function)
	}
	return pool.Invoke(ctx, payload)
}
