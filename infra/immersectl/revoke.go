package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/oklog/ulid/v2"
	"github.com/spf13/cobra"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
)

const aboutRevoke = `Revoke makes the links void that an organization was sent about one case, for example when
a mail reached the wrong hands: whoever opens one is told so and can neither see nor answer
anything. What was answered and seen before stays, and is on the audit trail. A new link goes
to the organization's inbox at once, if the request is still open; with --no-link none does, for
when the inbox itself is in the wrong hands: then change it in the catalogue first. "immersectl
audit" names the organizations that were written to.`

// revoked is what revoke --json prints.
type revoked struct {
	Reference string `json:"reference"`
	Authority string `json:"authority"`
	Referrals int    `json:"referrals"` // whose links are void now
	Links     int    `json:"links"`     // new ones that were asked for
}

func newRevoke(o *options) *cobra.Command {
	p, authority, noLink := &person{options: o}, "", false
	command := &cobra.Command{
		Use: "revoke --reference ES-… --organization ID", Short: "Make an organization's links about a case void", Long: aboutRevoke, Args: noArguments,
		Example: "  immersectl revoke --reference ES-7K3M-9QXT-40AB --organization 54afe180-8da6-5747-bd00-7f1ea2c01c89",
		RunE:    func(c *cobra.Command, _ []string) error { return p.revoke(c.Context(), authority, !noLink) },
	}
	command.Flags().StringVar(&p.reference, "reference", "", "the person's reference (required)")
	command.Flags().StringVar(&authority, "organization", "", "the organization's id (required)")
	command.Flags().BoolVar(&noLink, "no-link", false, "send no new link")
	return command
}

func (p *person) revoke(ctx context.Context, authority string, newLink bool) error {
	if authority == "" {
		return badInput("whose links? Add --organization; immersectl audit names those that were written to")
	}
	kept, cloud, found, err := p.find(ctx)
	if err != nil {
		return err
	}
	done := revoked{Reference: found.Reference, Authority: authority}
	for _, referral := range found.Ledger.Referrals() {
		id, round, _ := referral.Authority()
		if id != authority {
			continue
		}
		step := store.Step{
			Reference: found.Reference, Authority: authority, Round: round, Found: found.Ledger,
			Audit: store.Audit{At: p.now().UTC(), Actor: "operator", Action: "links_revoked:" + authority},
		}
		err := kept.Revoke(ctx, step)
		if errors.Is(err, store.ErrState) {
			return fmt.Errorf("%s changed meanwhile: run the same command again", found.Reference)
		}
		if err != nil {
			return cloud.reached(err)
		}
		done.Referrals++
		if newLink {
			if err := p.sendLink(ctx, cloud, found.Reference, authority, round); err != nil {
				return fmt.Errorf("%w\nIts links are void, and it was sent no new one: run the same command again", cloud.reached(err))
			}
			done.Links++
		}
	}
	if done.Referrals == 0 {
		return badInput("%s was not written to about %s; those that were: %s", authority, found.Reference, organizations(found))
	}
	if p.json {
		return printJSON(p.out, done)
	}
	fmt.Fprintf(p.out, "The links of %s about %s are void.\n", authority, found.Reference)
	if done.Links > 0 {
		fmt.Fprintln(p.out, "A new one goes to its inbox, if the request is still open.")
	}
	return nil
}

// sendLink has notification send an authority a new link about a referral.
func (p *person) sendLink(ctx context.Context, cloud *cloud, reference, authority string, round int) error {
	event, err := events.New(events.Origin{
		ID: ulid.Make().String(), Source: events.Source(cloud.pack.Code, "operator"), Subject: reference, Time: p.now().UTC(),
	}, &events.ReferralDueV1{Country: cloud.pack.Code, Authority: authority, Round: round, What: events.NewLink})
	if err != nil {
		return err
	}
	to, err := p.queueOf(ctx, cloud, "notification")
	if err != nil {
		return err
	}
	return to.Send(ctx, event)
}

// organizations are those that were written to about a case.
func organizations(found store.Application) string {
	var ids []string
	for _, referral := range found.Ledger.Referrals() {
		if id, _, ok := referral.Authority(); ok {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return "none"
	}
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), ", ")
}
