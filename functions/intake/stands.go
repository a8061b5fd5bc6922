package intake

import (
	"slices"
	"time"

	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/referral"
)

// lookingElsewhere is how long after a referral ended without help people are told that another organization may be asked. The look takes
// minutes, or hours if its queue was held up, and nothing is written when it finds nobody.
const lookingElsewhere = 24 * time.Hour

// waitsFor is the last day on which organizations are told, if no other's answer is awaited; zero if one is, or there is none to be told.
func waitsFor(views []page.ReferralView) (last time.Time) {
	for _, view := range views {
		switch {
		case !view.Told.IsZero():
			if view.Told.After(last) {
				last = view.Told
			}
		case view.Alive():
			return time.Time{}
		}
	}
	return last
}

// standsAt is what came of all that organizations were asked: one of page.Standings; empty while one of them is still to answer, or if
// none was asked. What somebody takes care of comes first, then what is still looked for.
func standsAt(views []page.ReferralView) string {
	some := func(of func(page.ReferralView) bool) bool { return slices.ContainsFunc(views, of) }
	all := func(states ...referral.State) bool {
		return !some(func(v page.ReferralView) bool { return !slices.Contains(states, referral.State(v.State)) })
	}
	switch {
	case len(views) == 0, some(func(v page.ReferralView) bool { return referral.State(v.State).Open() }):
		return ""
	case some(func(v page.ReferralView) bool { return v.State == string(referral.Accepted) }):
		return page.StandsAccepted
	case some(func(v page.ReferralView) bool { return v.Hope }):
		return page.StandsSought
	case all(referral.Withdrawn):
		return page.StandsTakenBack
	case some(helped):
		return page.StandsOver
	case all(referral.Expired, referral.Withdrawn):
		return page.StandsUnanswered
	}
	return page.StandsRefused
}

// helped tells whether something may have come of a referral: it was finished with help, or nobody told what came of it.
func helped(v page.ReferralView) bool {
	done := v.State == string(referral.Done) && v.Outcome != referral.NotHelped
	return done || v.State == string(referral.Expired) && v.Why == referral.NoOutcome
}
