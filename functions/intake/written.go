package intake

import (
	"slices"
	"strings"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/store"
)

// followed are what a trail says of the mails about a referral after the one that began it, by what was due. No line of the audit trail
// is written for them: the ledger has when each went.
var followed = []struct{ due, code string }{
	{events.Fallback, "fallback"}, {events.Remind, "reminded"}, {events.Escalate, "escalated"}, {events.Outcome, "outcome_asked"},
}

// A writing is a mail about a referral that followed the first.
type writing struct {
	mail      store.Mail
	code      string
	authority string
	round     int
}

// elsewhere tells whether it went to whoever is behind the authority.
func (w writing) elsewhere() bool { return w.code == "fallback" || w.code == "escalated" }

func follows(opened personCase) (sent []writing) {
	for _, began := range opened.Ledger.Referrals() {
		id, round, _ := began.Authority()
		_, unreached := opened.Ledger.Unreached(began)
		for _, f := range followed {
			if unreached && f.due == events.Escalate {
				f.code = "fallback" // who had no mail could not answer
			}
			if mail := opened.Ledger.Mail(began.Follow(f.due)); mail.State == store.MailSent {
				sent = append(sent, writing{mail, f.code, id, round})
			}
		}
	}
	return sent
}

// reminders are the lines of a trail that say who was written to again, and who else.
func (h *Handler) reminders(opened personCase) (lines []page.TrailView) {
	for _, w := range follows(opened) {
		line := page.TrailView{At: h.inCountry(w.mail.At), Code: w.code, Organization: w.authority, NamesLang: h.Pack.Languages[0]}
		if organization, ok := opened.factsOf(w.round).Organization(w.authority); ok {
			line.Organization = organization.Name
		}
		if behind := h.whoIsBehind(opened, w.authority, w.round); w.elsewhere() && behind != nil {
			line.To = behind.Name
		}
		lines = append(lines, line)
	}
	return lines
}

// audited is the audit trail, with all that was written to organizations about each referral.
func audited(opened personCase) []store.Audit {
	lines := slices.Clone(opened.Audit)
	for _, w := range follows(opened) {
		lines = append(lines, store.Audit{At: w.mail.At, Actor: "notification", Action: w.code + ":" + w.authority})
	}
	slices.SortStableFunc(lines, func(a, b store.Audit) int { return a.At.Compare(b.At) })
	return lines
}

// whoIsBehind an authority is found as notification finds them: whose inbox its fallback address is, or its parent. It is nil if there is
// nobody, or if there are two: which of them was written to hung on whose inbox was dead then.
func (h *Handler) whoIsBehind(opened personCase, authority string, round int) (found *hsds.Organization) {
	facts := opened.factsOf(round)
	organization, ok := facts.Organization(authority)
	if !ok || organization.Immerse == nil {
		return nil
	}
	fallback := organization.Immerse.Fallback
	parent, ok := facts.Organization(organization.ParentOrganizationID)
	switch ok = ok && parent.Immerse != nil; {
	case ok && (fallback == "" || strings.EqualFold(fallback, parent.Immerse.Inbox)):
		return parent
	case ok, fallback == "":
		return nil
	}
	for i := range h.Pack.Organizations {
		if o := &h.Pack.Organizations[i]; o.Immerse != nil && strings.EqualFold(o.Immerse.Inbox, fallback) {
			if found != nil {
				return nil // an inbox that they share
			}
			found = o
		}
	}
	return found
}
