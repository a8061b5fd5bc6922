// Immersectl is the operator's command: what stands in the queues and what failed, whether a catalogue is sound, whom it
// would match, and what to do when a person asks for erasure. It works on AWS and on a laptop alike.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/shared/country"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], environment{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now,
	})
	stop()
	os.Exit(code)
}

// environment is all that a command touches of the machine it runs on.
type environment struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	now      func() time.Time
}

// The exit codes.
const (
	exitDone      = 0
	exitFailed    = 1
	exitBadInput  = 2
	exitAttention = 3
)

// coded is an error that decides the exit code. An empty text is not printed: all was said already.
type coded struct {
	code int
	text string
}

func (e *coded) Error() string { return e.text }

func badInput(format string, arguments ...any) error {
	return &coded{exitBadInput, fmt.Sprintf(format, arguments...)}
}

// run runs one command line and gives its exit code.
func run(ctx context.Context, arguments []string, env environment) int {
	root := newRoot(&env) //nolint:contextcheck // cobra hands the context to each command
	root.SetArgs(arguments)
	root.SetIn(env.in)
	root.SetOut(env.out)
	root.SetErr(env.err)
	err := root.ExecuteContext(ctx)
	var decided *coded
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &decided):
		if decided.text != "" {
			fmt.Fprintln(env.err, "immersectl: "+err.Error())
		}
		return decided.code
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(env.err, "immersectl: interrupted; running the same command again goes on where it stopped")
		return exitFailed
	}
	fmt.Fprintln(env.err, "immersectl: "+err.Error())
	return exitFailed
}

const about = `Immersectl looks after the system of one country.

It works on AWS with your usual credentials (AWS_PROFILE, SSO, environment), in the
region of the country's pack, and on a laptop running "make run":

  export AWS_ENDPOINT_URL=http://localhost:8080

Exit codes: 0 done; 1 it failed; 2 wrong usage or bad input; 3 done, but something
needs your attention.`

const rootExamples = `  immersectl status --country es
  immersectl dlq list --country es
  immersectl catalogue validate --country es
  immersectl match --country es --profiles profiles.ndjson --at 2026-11-01
  immersectl audit --reference ES-7K3M-9QXT-40AB`

// options are the flags that every command has.
type options struct {
	*environment
	country string
	region  string
	json    bool
}

func newRoot(env *environment) *cobra.Command {
	o := &options{environment: env}
	root := &cobra.Command{
		Use: "immersectl", Short: "The operator's command of Immerse", Long: about, Example: rootExamples,
		SilenceErrors: true, SilenceUsage: true,
	}
	flags := root.PersistentFlags()
	flags.StringVarP(&o.country, "country", "c", env.getenv("COUNTRY"),
		"country: "+strings.Join(country.Codes(), ", ")+" (default $COUNTRY)")
	flags.StringVar(&o.region, "region", "", "AWS region (default the country's)")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return badInput("%v; see: %s --help", err, c.CommandPath())
	})
	root.AddCommand(newStatus(o), newDeadLetters(o), newCatalogue(o), newPlaces(o), newMatch(o), newAssign(o), newFairness(o), newFigures(o), newErase(o), newRevoke(o), newAudit(o))
	refuseUnknown(root)
	for _, c := range root.Commands() {
		refuseUnknown(c)
	}
	return root
}

// onlyGroup marks a command that does nothing without one of its own commands.
const onlyGroup = "group"

// refuseUnknown makes a group of commands refuse what is none of them, where cobra would print the help and be content.
func refuseUnknown(c *cobra.Command) {
	if !c.HasSubCommands() {
		return
	}
	alone := c.RunE // what it does without a command
	if alone == nil {
		c.Annotations = map[string]string{onlyGroup: "yes"}
	}
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(c *cobra.Command, arguments []string) error {
		switch {
		case len(arguments) == 0 && alone != nil:
			return alone(c, arguments)
		case len(arguments) == 0:
			return c.Help()
		}
		c.SuggestionsMinimumDistance = 2
		hint := ""
		if similar := c.SuggestionsFor(arguments[0]); len(similar) > 0 {
			hint = fmt.Sprintf("; did you mean %q?", similar[0])
		}
		return badInput("%s has no command %q%s See: %[1]s --help", c.CommandPath(), arguments[0], cmp.Or(hint, "."))
	}
}

// noArguments refuses arguments as bad input.
func noArguments(c *cobra.Command, arguments []string) error {
	if len(arguments) > 0 {
		return badInput("unexpected argument %q; see: %s --help", arguments[0], c.CommandPath())
	}
	return nil
}

// pack loads the pack of the country that the flags name.
func (o *options) pack() (*country.Pack, error) {
	if o.country == "" {
		return nil, badInput("which country? Add --country, one of: %s", strings.Join(country.Codes(), ", "))
	}
	pack, err := country.Load(o.country)
	if errors.Is(err, country.ErrUnknown) {
		return nil, badInput("there is no country %q; there are: %s", o.country, strings.Join(country.Codes(), ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("the pack of %s is broken; see: immersectl catalogue validate --country %[1]s: %w", o.country, err)
	}
	return pack, nil
}
