// Command local runs the whole of Immerse on this machine, with only Go installed: the site, the HTTP API, the
// functions as the programs that would be deployed, and the tables, queues, keys and mail that they use.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/livesite"
	"github.com/miict/immerse/infra/local/pages"
	"github.com/miict/immerse/infra/publish"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/snapshot"
	"github.com/miict/immerse/site"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "immerse:", err)
		os.Exit(1)
	}
}

// run starts the system and waits for ctx to end.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	port, code, clock, err := settings(args, getenv, stderr)
	if err != nil {
		return err
	}
	definition, err := laptop.Immerse(code)
	if err != nil {
		return err
	}
	begin := time.Now()
	if clock != "" {
		if begin, err = pages.When(clock, begin, definition.Zone); err != nil {
			return fmt.Errorf("CLOCK: %w", err)
		}
	}
	printed := &console{to: stderr}
	log := slog.New(slog.NewTextHandler(printed, nil))
	website := sync.OnceValues(func() (http.Handler, error) { return buildSite(code, begin, log) })
	system, err := laptop.Start(ctx, laptop.Options{
		Definition: definition, Address: "localhost:" + port, Site: made(website), Logs: printed, Log: log, Begin: begin,
	})
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("port %s is taken by another program; choose another one: PORT=8081 make run", port)
	case ctx.Err() != nil: // Ctrl-C while starting
		return nil //nolint:nilerr // what was asked for
	case err != nil:
		return err
	}
	if err := publishPack(ctx, system, code); err != nil {
		return errors.Join(err, system.Stop())
	}
	if _, err := website(); err != nil {
		return errors.Join(err, system.Stop())
	}
	announce(stdout, system.URL, code, system.Now().In(definition.Zone))
	<-ctx.Done()
	fmt.Fprintln(stdout, "Stopping.")
	return system.Stop()
}

// made serves a site from when it is made, which takes seconds: whoever can't have the port need not wait for that.
func made(website func() (http.Handler, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, err := website()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

// publishPack makes the pack the first catalogue, as make deploy does.
func publishPack(ctx context.Context, system *laptop.System, code string) error {
	pack, err := country.Load(code)
	if err != nil {
		return fmt.Errorf("loading the country pack %q: %w", code, err)
	}
	file, err := publish.Compile(snapshot.OfPack(pack, system.Now()))
	if err != nil {
		return fmt.Errorf("compiling the catalogue: %w", err)
	}
	shelf, err := publish.Open(ctx, system.Config(), "immerse-"+strings.ToLower(code)+"-catalogue-")
	if err != nil {
		return err
	}
	_, err = shelf.Publish(ctx, file, true, system.Now())
	return err
}

// buildSite makes the site, and makes it anew whenever its sources have changed.
func buildSite(code string, now time.Time, log *slog.Logger) (http.Handler, error) {
	pack, err := country.Load(code)
	if err != nil {
		return nil, fmt.Errorf("loading the country pack %q: %w", code, err)
	}
	files, err := site.Build(pack, now)
	if err != nil {
		return nil, fmt.Errorf("making the site: %w", err)
	}
	root, err := lambda.Root()
	if err != nil {
		return nil, err
	}
	return livesite.New(files, root, code, filepath.Join(root, "build", "site", code), log), nil
}

func settings(args []string, getenv func(string) string, stderr io.Writer) (port, code, clock string, err error) {
	flags := flag.NewFlagSet("local", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, "Runs the whole of Immerse on this machine. Nothing leaves it; nothing is kept.\n\n"+
			"  go run ./infra/local [-port 8080] [-country es] [-clock 2026-12-24T09:00]\n\nPORT, COUNTRY and CLOCK in the environment do the same.\n\n")
		flags.PrintDefaults()
	}
	flags.StringVar(&port, "port", or(getenv("PORT"), "8080"), "port to serve on; 0 takes a free one")
	flags.StringVar(&code, "country", or(getenv("COUNTRY"), "es"), "country pack, one of "+strings.Join(country.Codes(), ", "))
	flags.StringVar(&clock, "clock", getenv("CLOCK"), "time to begin at, on the country's clock; the real one if empty")
	if err := flags.Parse(args); err != nil {
		return "", "", "", err
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", "", "", fmt.Errorf("port %q is no number from 0 to 65535; try PORT=8081 make run", port)
	}
	if flags.NArg() > 0 {
		return "", "", "", fmt.Errorf("unexpected argument %q; try --help", flags.Arg(0))
	}
	return port, code, clock, nil
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

func announce(w io.Writer, url, code string, now time.Time) {
	fmt.Fprintf(w, `
Immerse for %s is running. Stop it with Ctrl-C.

  Site       %[2]s/
  API        %[2]s/api/v1/applications
  Catalogue  %[2]s/hsds/
  Figures    %[2]s/figures
  Mail       %[2]s/_local/mail
  Queues     %[2]s/_local/queues
  Clock      %[2]s/_local/  (it is %[3]s; let time pass: curl -d to=3d %[2]s/_local/clock)

Templates, styles, words and texts of the site are read again on reload.

`, strings.ToUpper(code), url, now.Format("Mon 2 Jan 2006 15:04"))
}
