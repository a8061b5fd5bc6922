package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/oklog/ulid/v2"
	"github.com/spf13/cobra"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

const aboutErase = `Erase makes all that a person told us unreadable, for ever: their keys are deleted, then the
sealed parts. Reference, needs, times and the audit trail stay until the retention is over,
with an entry that the operator erased. Erasing again changes nothing, and finishes an
erasure that was interrupted. A mail that is being handed over at this moment still goes.

Make sure that the request is the person's own: a reference is no proof. Whoever also
knows the secret can erase by themselves on the status page.`

// person are the flags of the commands about one case.
type person struct {
	*options
	reference string
	yes       bool
}

func newErase(o *options) *cobra.Command {
	p := &person{options: o}
	command := &cobra.Command{
		Use: "erase --reference ES-…", Short: "Erase what a person told us", Long: aboutErase, Args: noArguments,
		Example: "  immersectl erase --reference ES-7K3M-9QXT-40AB\n  immersectl erase --reference ES-7K3M-9QXT-40AB --yes --json",
		RunE:    func(c *cobra.Command, _ []string) error { return p.erase(c.Context()) },
	}
	command.Flags().StringVar(&p.reference, "reference", "", "the person's reference (required)")
	command.Flags().BoolVar(&p.yes, "yes", false, "do not ask")
	return command
}

// find reads the case that the reference names. The reference says which country, unless the flags do.
func (p *person) find(ctx context.Context) (*store.Store, *cloud, store.Application, error) {
	none := store.Application{}
	if p.reference == "" {
		return nil, nil, none, badInput("whose? Add --reference, such as ES-7K3M-9QXT-40AB")
	}
	if p.country == "" {
		p.country = countryOf(p.reference)
	}
	cloud, err := p.cloud(ctx)
	if err != nil {
		return nil, nil, none, err
	}
	reference, ok := vault.NormalizeReference(cloud.pack.Code, p.reference)
	if !ok {
		return nil, nil, none, badInput("%q is no reference of %s; one looks like %s-7K3M-9QXT-40AB", p.reference, cloud.pack.Code, cloud.pack.Code)
	}
	kept := cloud.store(p.environment)
	found, err := kept.Application(ctx, reference)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, none, badInput("there is no case %s: check the reference; it is also gone once its retention is over", reference)
	}
	return kept, cloud, found, cloud.reached(err)
}

// countryOf gives the country that a reference begins with, "" if there is no such country.
func countryOf(reference string) string {
	for _, code := range country.Codes() {
		if len(reference) >= len(code) && strings.EqualFold(reference[:len(code)], code) {
			return code
		}
	}
	return ""
}

// erased is what erase --json prints.
type erased struct {
	Reference string `json:"reference"`
	Erased    bool   `json:"erased"`
	Before    bool   `json:"before"` // it had been erased before
}

func (p *person) erase(ctx context.Context) error {
	kept, cloud, found, err := p.find(ctx)
	if err != nil {
		return err
	}
	if err := p.confirm(found); err != nil {
		return err
	}
	if err := kept.Erase(ctx, found, "operator", p.now().UTC()); err != nil {
		return fmt.Errorf("%w\nIt may be half done: run the same command again", cloud.reached(err))
	}
	if err := p.tell(ctx, cloud, found.Reference); err != nil {
		return fmt.Errorf("%w\nIt is erased, but may still hold places, and nobody was told: run the same command again", cloud.reached(err))
	}
	outcome := erased{Reference: found.Reference, Erased: true, Before: found.State == store.Erased}
	switch {
	case p.json:
		return printJSON(p.out, outcome)
	case outcome.Before:
		fmt.Fprintf(p.out, "%s had been erased before; nothing readable is left.\n", found.Reference)
	default:
		fmt.Fprintf(p.out, "%s is erased.\n", found.Reference)
	}
	return nil
}

// tell has notification do what follows an erasure: authorities that were asked are told, places go to who waits for one.
func (p *person) tell(ctx context.Context, cloud *cloud, reference string) error {
	event, err := events.New(events.Origin{
		ID: ulid.Make().String(), Source: events.Source(cloud.pack.Code, "operator"), Subject: reference, Time: p.now().UTC(),
	}, &events.ApplicationWithdrawnV1{Country: cloud.pack.Code})
	if err != nil {
		return err
	}
	to, err := p.queueOf(ctx, cloud, "notification")
	if err != nil {
		return err
	}
	return to.Send(ctx, event)
}

// confirm asks for the reference again. Where nobody can answer, --yes is needed.
func (p *person) confirm(found store.Application) error {
	if p.yes {
		return nil
	}
	fmt.Fprintf(p.err, "This erases %s (%s, submitted %s) for ever.\nType the reference to go on: ",
		found.Reference, found.State, found.SubmittedAt.Format("2006-01-02"))
	line, _ := bufio.NewReader(p.in).ReadString('\n') // no answer is no
	typed, ok := vault.NormalizeReference(found.Country, strings.TrimSpace(line))
	if !ok || typed != found.Reference {
		return badInput("nothing was erased: the reference was not typed; scripts add --yes")
	}
	return nil
}
