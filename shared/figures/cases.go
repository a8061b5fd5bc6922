package figures

import (
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// Calendar counts working days. *workdays.Calendar is the real one.
type Calendar interface {
	// Between counts the working days of a region after the day of from, up to the day of to.
	Between(from, to time.Time, region string) int
}

// CasesOf gives what each authority did about an application in a quarter. An authority that was asked again in a later round is one
// case: its first answer counts. What the person took back before an answer counts for nothing. An answer belongs to the quarter that
// it was given in, and an outcome to that in which it was told, so that nothing that comes later changes a quarter.
func CasesOf(a store.Application, around Around, calendar Calendar, q Quarter) []Case {
	asked := map[string][]store.Mail{}
	var order []string
	for _, mail := range a.Ledger.Referrals() {
		authority, _, _ := mail.Authority()
		if asked[authority] == nil {
			order = append(order, authority)
		}
		asked[authority] = append(asked[authority], mail)
	}
	var cases []Case
	for _, authority := range order {
		said := map[Measure]string{}
		if at, code, ok := firstAnswer(a.Ledger.Trail, authority); ok && q.Has(at) {
			days := calendar.Between(sent(asked[authority], at), at, around.region(authority))
			answered(said, code, days)
		}
		ended(said, asked[authority], q)
		if len(said) > 0 {
			cases = append(cases, Case{Authority: authority, Need: around.need(a.Needs, authority), Said: said})
		}
	}
	return cases
}

// firstAnswer finds when an authority first answered, or its time was over, and the answer's code (referral.Answer.Code). It is read
// off the trail, as a referral itself knows only how it stands now.
func firstAnswer(trail []store.Audit, authority string) (at time.Time, code string, ok bool) {
	for _, line := range trail {
		said, about := strings.CutSuffix(line.Action, ":"+authority)
		state, _, _ := strings.Cut(said, ":")
		answers := []referral.State{referral.Accepted, referral.Declined, referral.Expired}
		if about && slices.Contains(answers, referral.State(state)) && (!ok || line.At.Before(at)) {
			at, code, ok = line.At, said, true
		}
	}
	return at, code, ok
}

// sent is when the mail went that was answered: the last before the answer.
func sent(mails []store.Mail, answered time.Time) time.Time {
	at := answered
	for _, mail := range mails {
		if mail.At.Before(answered) && (at.Equal(answered) || mail.At.After(at)) {
			at = mail.At
		}
	}
	return at
}

func answered(said map[Measure]string, code string, days int) {
	state, reason, _ := strings.Cut(code, ":")
	switch referral.State(state) {
	case referral.Accepted:
		said[Answer], said[Time] = Accepted, TimeOf(days)
	case referral.Declined:
		said[Answer], said[Time], said[Reason] = Declined, TimeOf(days), reason
	default:
		said[Answer] = NoAnswer
	}
}

// ended adds the outcome that was told in the quarter, or that none was, and what the person said.
func ended(said map[Measure]string, mails []store.Mail, q Quarter) {
	for _, mail := range mails {
		if answer := mail.Answer; answer != nil && q.Has(answer.At) {
			switch {
			case answer.State == referral.Done:
				said[Outcome] = answer.Outcome
			case answer.State == referral.Expired && answer.Reason == referral.NoOutcome:
				said[Outcome] = referral.NoOutcome
			}
		}
		if rating := mail.Rating; rating != nil && q.Has(rating.At) {
			said[Rating] = rating.Code
		}
	}
}

// need is what a case is about: the need that the person has and the authority helps with. What a match was made of is sealed, so
// more isn't known, and needn't be.
func (a Around) need(needs []string, authority string) string {
	both := slices.DeleteFunc(slices.Clone(needs), func(need string) bool {
		return !slices.Contains(a.Authorities[authority].Needs, need)
	})
	if len(both) == 0 {
		both = needs // the catalogue has changed since
	}
	if len(both) == 1 {
		return both[0]
	}
	return Several
}
