package notification

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// MostInDigest is how many referrals one mail tells of: with 1.5 KB each it stays below the 100 KB from which some mailboxes hide
// the rest, and all are opened and recorded within an invocation. What doesn't fit follows in another mail on the same day, so
// that nobody waits for it.
const MostInDigest = 60

// A gathering is a digest in the making.
type gathering struct {
	*Handler
	log  *slog.Logger
	due  *events.DigestDueV1
	at   time.Time // when the time to answer begins
	dead map[string]bool
	told []gathered
	void []store.WaitingMail // nobody needs to be told of them any more
	full bool
}

// A gathered is a referral that a digest tells of.
type gathered struct {
	waits   store.WaitingMail
	remind  bool // it was told before, and is not answered
	outcome bool // it was accepted, and nobody told what came of it
	planner Planner
	heard   hearing
	share   briefing.Share
}

// gather goes through what waits for the organization. An error is one that others would meet, too.
func (g *gathering) gather(ctx context.Context) error {
	const pageSize = 100
	for after := ""; ; {
		page, next, err := g.Waits.Waiting(ctx, g.due.Country, g.due.Authority, after, pageSize)
		if err != nil {
			return err
		}
		for _, w := range page {
			if w.Organization != g.due.Authority || !w.At.Before(g.due.Before) {
				continue
			}
			if g.full = len(g.told) == g.Most || len(g.told)+len(g.void) > 0 && g.hurry(ctx); g.full {
				return nil
			}
			if err := g.take(ctx, w); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		after = next
	}
}

// hurry tells whether there is just time enough left to write the mail and hand it over. What was not looked at by then follows in
// another mail on the same day: a digest that is never done with looking would tell nobody.
func (g *gathering) hurry(ctx context.Context) bool {
	const toWrite = time.Second
	deadline, ok := ctx.Deadline()
	return ok && deadline.Sub(g.Now()) < toWrite+g.Postbox.Timeout+recordTime
}

func (g *gathering) take(ctx context.Context, w store.WaitingMail) error {
	found, err := g.Applications.Application(ctx, w.Reference)
	if errors.Is(err, store.ErrNotFound) {
		g.void = append(g.void, w)
		return nil
	}
	if err != nil {
		return err
	}
	switch state, entry := found.Ledger.Mail(w.Mail).State, referralOf(found.Ledger, w.Mail); {
	case state == "":
		return nil // its sender has not come so far, or died; its message comes back
	case state != store.MailWaiting, found.State == store.Erased:
		g.void = append(g.void, w)
		return nil
	case !isNeeded(w.Mail, entry):
		return g.drop(ctx, w, "not_needed") // withdrawn, or answered before it was reminded of
	}
	one, ends, err := g.look(ctx, w, found)
	switch {
	case err != nil:
		return err
	case ends != "":
		return g.drop(ctx, w, ends)
	case one != nil:
		g.told = append(g.told, *one)
	}
	return nil
}

// drop ends a mail that nobody is to get any more.
func (g *gathering) drop(ctx context.Context, w store.WaitingMail, reason string) error {
	err := g.Waits.Tell(ctx, w.Reference, store.Mail{ID: w.Mail, State: store.MailFailed, At: g.at, Reason: reason})
	if err != nil && !errors.Is(err, store.ErrState) {
		return err
	}
	g.void = append(g.void, w)
	return nil
}

// look opens what the authority is told of an application, or says why the mail ends; neither means that it stays on the list.
// So does one that can't be opened, as no other is to be the worse for it: an operator must look.
func (g *gathering) look(ctx context.Context, w store.WaitingMail, found store.Application) (one *gathered, ends string, err error) {
	heard, err := g.openResult(ctx, found)
	switch {
	case errors.Is(err, errErased):
		return nil, "erased", nil
	case errors.Is(err, errUnreadable):
		g.log.Error("an application can't be opened: it is left out of the digest", "outcome", "left_out", "reference", w.Reference, "error", err.Error(),
			"action", "look why; it is tried again with each digest")
		return nil, "", nil
	case err != nil:
		return nil, "", err
	}
	organization, round, _ := referralOf(found.Ledger, w.Mail).Authority()
	heard.round = round
	planner := g.Planner
	planner.Dead = g.dead
	if planner.Facts, err = g.facts(ctx, heard); err != nil {
		return nil, "", err
	}
	if !g.due.AtOnce && !planner.Calendar.Working(g.at, heard.assessment.Region) {
		return nil, "", nil // a day off where the person lives
	}
	shares, _ := briefing.Shares(planner.facts(), heard.assessment.Told(round))
	i := slices.IndexFunc(shares, func(s briefing.Share) bool { return s.Organization.ID == organization })
	switch {
	case i < 0 && planner.facts().Instead():
		return nil, "", errUnknown
	case i < 0:
		return nil, "unplaced", nil // its services are gone from the catalogue
	}
	one = &gathered{
		waits: w, remind: strings.HasPrefix(w.Mail, events.Remind+"-"), outcome: asksOutcome(w.Mail),
		planner: planner, heard: heard, share: shares[i],
	}
	if one.fresh() {
		one.heard.matched = g.at // the time to answer begins when the authority is told
	}
	return one, "", nil
}

// fresh tells whether the authority is told of the referral for the first time.
func (g gathered) fresh() bool { return !g.remind && !g.outcome }

func asksOutcome(mail string) bool { return strings.HasPrefix(mail, events.Outcome+"-") }

// isNeeded tells whether a mail about a referral still has something to say.
func isNeeded(mail string, entry store.Mail) bool {
	if asksOutcome(mail) {
		return entry.Answer != nil && entry.Answer.State == referral.Accepted
	}
	return entry.Answer == nil
}

// referralOf gives the referral that a mail is about: the one that it begins, or reminds of.
func referralOf(ledger store.Ledger, mail string) store.Mail {
	_, of, _ := strings.Cut(mail, "-")
	return ledger.Mail(kindAuthority + "-" + of)
}
