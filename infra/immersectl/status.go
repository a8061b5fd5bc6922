package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/infra/immersectl/internal/queues"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/store"
)

const aboutStatus = `Status shows each queue of the country: how many messages wait, how many are being worked
on, how many are delayed, and how old the oldest is (from CloudWatch; not known on a
laptop). It shows how many referrals wait for each authority's one mail a day, and since when;
one that waits for more than a week is marked, as no holiday is so long. And it shows the
authorities' inboxes that nothing reaches: nothing is sent there until the
catalogue has another address, or --revive says that the same one works again.

The exit code is 3 when there is such an inbox, when a daily mail is a week late, or when something
has failed for good and lies in a dead-letter
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
	// Digests are what waits for authorities' one mail a day.
	Digests []waitingDigest `json:"digests"`
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
		if err := o.revive(ctx, cloud, kept, revive); err != nil {
			return err
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
	found.DeadInboxes = slices.DeleteFunc(found.DeadInboxes, func(inbox store.DeadInbox) bool { return !inbox.Closed(o.now()) })
	if found.Digests, err = waitingDigests(ctx, kept, cloud.pack, o.now()); err != nil {
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
		err = errors.Join(printQueues(o.out, list), printDigests(o.out, found.Digests), printInboxes(o.out, cloud.pack, found.DeadInboxes, o.now()))
	}
	if err != nil {
		return err
	}
	return found.attention(o.country)
}

// revive takes an inbox off the list of the dead. One that isn't on it is a typing mistake, or revived already.
func (o *options) revive(ctx context.Context, cloud *cloud, kept *store.Store, address string) error {
	dead, err := kept.DeadInboxes(ctx, cloud.pack.Code)
	if err != nil {
		return cloud.reached(err)
	}
	if !slices.ContainsFunc(dead, func(inbox store.DeadInbox) bool { return inbox.Address == address }) {
		return badInput("%q is not among the dead inboxes; see: immersectl status --country %s", address, o.country)
	}
	return cloud.reached(kept.Revive(ctx, cloud.pack.Code, address))
}

// attention names all that somebody must look at; nil if nothing is.
func (s statusOutput) attention(country string) error {
	var needs []string
	if s.DeadLetters > 0 {
		needs = append(needs, fmt.Sprintf("%d messages have failed for good; see: immersectl dlq list --country %s", s.DeadLetters, country))
	}
	if len(s.DeadInboxes) > 0 {
		needs = append(needs, fmt.Sprintf("%d authorities can't be reached: call them, and publish their addresses with the catalogue", len(s.DeadInboxes)))
	}
	late := 0
	for _, digest := range s.Digests {
		if digest.late() {
			late++
		}
	}
	if late > 0 {
		needs = append(needs, fmt.Sprintf("%d daily mails are more than a week late; see docs/operations.md#follow-up-by-hand", late))
	}
	if len(needs) == 0 {
		return nil
	}
	return &coded{exitAttention, strings.Join(needs, "\nimmersectl: ")}
}

func printInboxes(out io.Writer, pack *country.Pack, dead []store.DeadInbox, now time.Time) error {
	if len(dead) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nDEAD INBOX\tSINCE\tFOR\tWHY\tORGANIZATION")
	for _, inbox := range dead {
		name := strings.TrimSpace(inbox.Organization + " " + nameOf(pack, inbox.Organization))
		if until := inbox.Until(); !until.IsZero() {
			name += " (paused until " + until.Format("2006-01-02 15:04") + ", unless it is revived)"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", inbox.Address, inbox.Since.Format("2006-01-02 15:04"), age(now.Sub(inbox.Since)), inbox.Fact, name)
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
