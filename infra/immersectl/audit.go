package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/shared/store"
)

const aboutAudit = `Audit shows how far a case has come, who did what with it and when, and how its mails went.
It never shows what the person said: nothing here can open that.`

func newAudit(o *options) *cobra.Command {
	p := &person{options: o}
	command := &cobra.Command{
		Use: "audit --reference ES-…", Short: "Show the trail of one case", Long: aboutAudit, Args: noArguments,
		Example: "  immersectl audit --reference ES-7K3M-9QXT-40AB\n  immersectl audit --reference ES-7K3M-9QXT-40AB --json",
		RunE:    func(c *cobra.Command, _ []string) error { return p.audit(c.Context()) },
	}
	command.Flags().StringVar(&p.reference, "reference", "", "the person's reference (required)")
	return command
}

// trail is what audit --json prints.
type trail struct {
	Reference   string        `json:"reference"`
	Country     string        `json:"country"`
	State       store.State   `json:"state"`
	SubmittedAt time.Time     `json:"submitted_at,omitzero"`
	MatchedAt   time.Time     `json:"matched_at,omitzero"`
	NotifiedAt  time.Time     `json:"notified_at,omitzero"`
	ErasedAt    time.Time     `json:"erased_at,omitzero"`
	Expires     time.Time     `json:"expires,omitzero"`
	Catalogue   string        `json:"catalogue,omitempty"`
	Rules       string        `json:"rules,omitempty"`
	Audit       []store.Audit `json:"audit"`
	Mails       []store.Mail  `json:"mails"`
}

func (p *person) audit(ctx context.Context) error {
	_, _, found, err := p.find(ctx)
	if err != nil {
		return err
	}
	t := trail{
		Reference: found.Reference, Country: found.Country, State: found.State, SubmittedAt: found.SubmittedAt,
		MatchedAt: found.MatchedAt, NotifiedAt: found.NotifiedAt, ErasedAt: found.ErasedAt, Expires: found.Expires.UTC(),
		Catalogue: found.Catalogue, Rules: found.Rules, Audit: found.Audit, Mails: append([]store.Mail{}, found.Ledger.Mails...),
	}
	if p.json {
		return printJSON(p.out, t)
	}
	return t.print(p.out)
}

func (t trail) print(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(cells ...any) { fmt.Fprintf(table, "%s\t%s\t%s\n", cells...) }
	row("reference", t.Reference, "")
	row("state", string(t.State), "")
	if t.Catalogue != "" {
		row("matched with catalogue", t.Catalogue, "rules "+t.Rules)
	}
	for _, step := range []struct {
		name string
		at   time.Time
	}{{"submitted", t.SubmittedAt}, {"matched", t.MatchedAt}, {"notified", t.NotifiedAt}, {"erased", t.ErasedAt}, {"kept until", t.Expires}} {
		if !step.at.IsZero() {
			row(step.name, stamp(step.at), "")
		}
	}
	fmt.Fprintln(table, "\nWHEN\tWHO\tWHAT")
	for _, entry := range t.Audit {
		row(stamp(entry.At), entry.Actor, entry.Action)
	}
	fmt.Fprintln(table, "\nWHEN\tMAIL\tSTATE")
	for _, mail := range t.Mails {
		state := string(mail.State)
		if mail.Reason != "" {
			state += " (" + mail.Reason + ")"
		}
		row(stamp(mail.At), mail.ID, state)
	}
	return written(table.Flush())
}

func stamp(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05Z") }
