package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/infra/immersectl/internal/queues"
)

const aboutStatus = `Status shows each queue of the country: how many messages wait, how many are being worked
on, how many are delayed, and how old the oldest is (from CloudWatch; not known on a
laptop). The exit code is 3 when something has failed for good and lies in a dead-letter
queue: look at it with "dlq list", mend the cause, and move it back with "dlq redrive".`

func newStatus(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Show the queues, their ages and what has failed", Long: aboutStatus, Args: noArguments,
		Example: "  immersectl status --country es\n  immersectl status --country es --json",
		RunE:    func(c *cobra.Command, _ []string) error { return o.status(c.Context()) },
	}
}

// statusOutput is what --json prints.
type statusOutput struct {
	Country     string         `json:"country"`
	DeadLetters int            `json:"dead_letters"`
	Queues      []queues.Queue `json:"queues"`
}

func (o *options) status(ctx context.Context) error {
	cloud, err := o.cloud(ctx)
	if err != nil {
		return err
	}
	at := cloud.queues()
	list, err := at.List(ctx)
	if err != nil {
		return cloud.reached(err)
	}
	if err := at.Ages(ctx, list, o.now()); err != nil {
		fmt.Fprintf(o.err, "immersectl: ages are left out: %v\n", err)
	}
	found := statusOutput{Country: cloud.pack.Code, Queues: list}
	for _, q := range list {
		if q.Dead() {
			found.DeadLetters += q.Messages()
		}
	}
	if o.json {
		err = printJSON(o.out, found)
	} else {
		err = printQueues(o.out, list)
	}
	if err != nil {
		return err
	}
	if found.DeadLetters > 0 {
		return &coded{exitAttention, fmt.Sprintf("%d messages have failed for good; see: immersectl dlq list --country %s",
			found.DeadLetters, o.country)}
	}
	return nil
}

func printQueues(out io.Writer, list []queues.Queue) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "QUEUE\tWAITING\tIN WORK\tDELAYED\tOLDEST\t")
	for _, q := range list {
		mark := ""
		if q.Dead() && q.Messages() > 0 {
			mark = "← failed"
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%s\t%s\n", q.Name, q.Visible, q.InFlight, q.Delayed, oldest(q), mark)
	}
	return written(table.Flush())
}

func oldest(q queues.Queue) string {
	switch {
	case q.OldestSeconds != nil:
		return age(time.Duration(*q.OldestSeconds) * time.Second)
	case q.Messages() == 0:
		return "-"
	}
	return "n/a"
}

// age writes a duration as people say it: to the second, minute, hour or day.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	}
	return fmt.Sprintf("%dd", int(d.Hours()/24))
}
