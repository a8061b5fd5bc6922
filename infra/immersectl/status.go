package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/infra/immersectl/internal/queues"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/store"
)

const aboutStatus = `Status shows each queue of the country: how many messages wait, how many are being worked
on, how many are delayed, and how old the oldest is (from CloudWatch; not known on a
laptop), and the authorities' inboxes that nothing reaches: nothing is sent there until the
catalogue has another address, or --revive says that the same one works again. The exit
code is 3 when there is such an inbox, or when something has failed for good and lies in a dead-letter
queue: look at it with "dlq list", mend the cause, and move it back with "dlq redrive".`

func newStatus(o *options) *cobra.Command {
	revive := ""
	command := &cobra.Command{
		Use: "status", Short: "Show the queues, their ages and what has failed", Long: aboutStatus, Args: noArguments,
		Example: "  immersectl status --country es\n  immersectl status --country es --json",
		RunE:    func(c *cobra.Command, _ []string) error { return o.status(c.Context(), revive) },
	}
	command.Flags().StringVar(&revive, "revive", "", "the address of an inbox that works again")
	return command
}

// statusOutput is what --json prints.
type statusOutput struct {
	Country     string         `json:"country"`
	DeadLetters int            `json:"dead_letters"`
	Queues      []queues.Queue `json:"queues"`
	// DeadInboxes are those that nothing is sent to.
	DeadInboxes []store.DeadInbox `json:"dead_inboxes"`
}

func (o *options) status(ctx context.Context, revive string) error {
	cloud, err := o.cloud(ctx)
	if err != nil {
		return err
	}
	kept := cloud.store(o.environment)
	if revive != "" {
		if err := kept.Revive(ctx, cloud.pack.Code, revive); err != nil {
			return cloud.reached(err)
		}
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
	if found.DeadInboxes, err = kept.DeadInboxes(ctx, cloud.pack.Code); err != nil {
		return cloud.reached(err)
	}
	for _, q := range list {
		if q.Dead() {
			found.DeadLetters += q.Messages()
		}
	}
	if o.json {
		err = printJSON(o.out, found)
	} else {
		err = errors.Join(printQueues(o.out, list), printInboxes(o.out, cloud.pack, found.DeadInboxes))
	}
	if err != nil {
		return err
	}
	if found.DeadLetters > 0 {
		return &coded{exitAttention, fmt.Sprintf("%d messages have failed for good; see: immersectl dlq list --country %s",
			found.DeadLetters, o.country)}
	}
	if len(found.DeadInboxes) > 0 {
		return &coded{exitAttention, fmt.Sprintf("%d authorities can't be reached: call them, and publish their addresses with the catalogue",
			len(found.DeadInboxes))}
	}
	return nil
}

func printInboxes(out io.Writer, pack *country.Pack, dead []store.DeadInbox) error {
	if len(dead) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nDEAD INBOX\tSINCE\tWHY\tORGANIZATION")
	for _, inbox := range dead {
		name := inbox.Organization
		if organization, ok := pack.Organization(inbox.Organization); ok {
			name += " " + organization.Name
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", inbox.Address, inbox.Since.Format("2006-01-02 15:04"), inbox.Fact, name)
	}
	return written(table.Flush())
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
