package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/infra/immersectl/internal/queues"
)

const aboutList = `List shows the messages in the dead-letter queues, and leaves them there. It shows event
types, references and ids, never what a message says. The exit code is 3 when there are any.`

const aboutRedrive = `Redrive moves messages from the dead-letter queues back to the queues where they failed, once
you have mended why. A message is sent before it is deleted, so none is lost if this is
interrupted: run it again and it goes on. Consumers bear a message that comes twice.`

// deadLetters are the flags of the dlq commands.
type deadLetters struct {
	*options
	queue  string
	max    int
	dryRun bool
}

func newDeadLetters(o *options) *cobra.Command {
	group := &cobra.Command{Use: "dlq", Short: "Look at what has failed, and try it again"}
	d := &deadLetters{options: o}
	list := &cobra.Command{
		Use: "list", Short: "Show what is in the dead-letter queues", Long: aboutList, Args: noArguments,
		Example: "  immersectl dlq list --country es\n  immersectl dlq list --country es --queue notification --json",
		RunE:    func(c *cobra.Command, _ []string) error { return d.list(c.Context()) },
	}
	redrive := &cobra.Command{
		Use: "redrive", Short: "Move messages back to where they failed", Long: aboutRedrive, Args: noArguments,
		Example: "  immersectl dlq redrive --country es --dry-run\n" +
			"  immersectl dlq redrive --country es --queue matching --max 10",
		RunE: func(c *cobra.Command, _ []string) error { return d.redrive(c.Context()) },
	}
	for _, c := range []*cobra.Command{list, redrive} {
		c.Flags().StringVar(&d.queue, "queue", "", "only this queue: matching, matching-dlq or its full name (default all)")
		c.Flags().IntVar(&d.max, "max", 0, "at most so many messages (default all)")
	}
	redrive.Flags().BoolVar(&d.dryRun, "dry-run", false, "only show what would be moved")
	group.AddCommand(list, redrive)
	return group
}

// chosen finds the dead-letter queues to work on, among all queues of the country.
func (d *deadLetters) chosen(ctx context.Context) (cloud *cloud, dead, all []queues.Queue, err error) {
	if d.max < 0 {
		return nil, nil, nil, badInput("--max %d is less than 0", d.max)
	}
	if cloud, err = d.cloud(ctx); err != nil {
		return nil, nil, nil, err
	}
	if all, err = cloud.queues().List(ctx); err != nil {
		return nil, nil, nil, cloud.reached(err)
	}
	var names []string
	wanted := strings.TrimSuffix(strings.TrimPrefix(d.queue, cloud.prefix), "-dlq")
	for _, q := range all {
		if !q.Dead() {
			continue
		}
		short := strings.TrimSuffix(strings.TrimPrefix(q.Name, cloud.prefix), "-dlq")
		names = append(names, short)
		if d.queue == "" || short == wanted {
			dead = append(dead, q)
		}
	}
	if len(dead) == 0 {
		return nil, nil, nil, badInput("there is no dead-letter queue %q; there are: %s", d.queue, strings.Join(names, ", "))
	}
	return cloud, dead, all, nil
}

// left is how many more messages may be worked on, given how many were; 0 is any number.
func (d *deadLetters) left(done int) (limit int, more bool) {
	return d.max - done, d.max == 0 || done < d.max
}

func (d *deadLetters) list(ctx context.Context) error {
	cloud, dead, _, err := d.chosen(ctx)
	if err != nil {
		return err
	}
	letters, err := d.peek(ctx, cloud, dead)
	if err != nil {
		return err
	}
	if err := d.print(letters); err != nil {
		return err
	}
	if len(letters) > 0 {
		return &coded{exitAttention, ""}
	}
	return nil
}

func (d *deadLetters) peek(ctx context.Context, cloud *cloud, dead []queues.Queue) ([]queues.Letter, error) {
	letters := []queues.Letter{} // [] in JSON, not null
	going := d.progress("messages seen")
	defer going.end()
	for _, q := range dead {
		limit, more := d.left(len(letters))
		if !more {
			break
		}
		err := cloud.queues().Peek(ctx, q, max(limit, 0), func(l queues.Letter) {
			letters = append(letters, l)
			going.step()
		})
		if err != nil {
			return nil, cloud.reached(err)
		}
	}
	return letters, nil
}

func (d *deadLetters) print(letters []queues.Letter) error {
	if d.json {
		return printJSON(d.out, letters)
	}
	if len(letters) == 0 {
		fmt.Fprintln(d.out, "No message has failed for good.")
		return nil
	}
	table := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "QUEUE\tEVENT\tREFERENCE\tEVENT ID\tMESSAGE ID\tRECEIVED\tAGE")
	for _, l := range letters {
		kind := l.Type
		if kind == "" {
			kind = "(not an event of ours)"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n",
			l.Queue, kind, dash(l.Reference), dash(l.EventID), l.MessageID, l.Received, age(d.now().Sub(l.SentAt)))
	}
	return written(table.Flush())
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// redriven is what redrive --json prints, a line for each message moved.
type redriven struct {
	Moved bool `json:"moved"`
	queues.Letter
}

func (d *deadLetters) redrive(ctx context.Context) error {
	cloud, dead, all, err := d.chosen(ctx)
	if err != nil {
		return err
	}
	if d.dryRun {
		letters, err := d.peek(ctx, cloud, dead)
		if err != nil {
			return err
		}
		return d.print(letters)
	}
	moved := 0
	going := d.progress("messages moved")
	defer going.end()
	for _, q := range dead {
		limit, more := d.left(moved)
		if !more {
			break
		}
		err := cloud.queues().Redrive(ctx, q, all, max(limit, 0), func(l queues.Letter) {
			moved++
			going.step()
			if d.json {
				_ = json.NewEncoder(d.out).Encode(redriven{true, l}) // moving goes on when nobody listens
			}
		})
		if err != nil {
			return fmt.Errorf("%d messages were moved, then: %w\nRun the same command again: it goes on", moved, cloud.reached(err))
		}
	}
	going.end()
	if !d.json {
		fmt.Fprintf(d.out, "%d messages were moved back.\n", moved)
	}
	return nil
}
