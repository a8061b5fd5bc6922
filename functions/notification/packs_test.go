package notification

import (
	"testing"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/mailtag"
	"github.com/miict/immerse/shared/match"
)

// Whatever matching may find in a pack, somebody can be written to about it, in words.
func TestEveryServiceOfEveryPackHasAnAuthorityToWriteTo(t *testing.T) {
	for _, code := range country.Codes() {
		pack, err := country.Load(code)
		check(t, err)
		h := hearing{reference: reference, contact: amira(pack.Languages[0]), submitted: start, matched: start, assessment: found(), needs: codes.Needs}
		h.assessment.Region, h.assessment.Result.Matches = pack.Code, nil
		for _, service := range pack.Services {
			if service.Immerse == nil {
				continue
			}
			for _, need := range service.Immerse.Needs {
				h.assessment.Result.Matches = append(h.assessment.Result.Matches, match.Match{Service: service.ID, Need: need, Verdict: eligibility.True})
			}
		}
		made, err := planner(pack).plan(h)
		check(t, err)
		if len(made.unplaced) > 0 {
			t.Errorf("%s: nobody answers for %v", code, made.unplaced)
		}
		for _, m := range made.mails {
			if _, err := address(m.To); err != nil {
				t.Errorf("%s: %s goes to %q", code, m.ID, m.To)
			}
			if missing := unsaidWords(m); missing != nil {
				t.Errorf("%s: %s: not said: %v", code, m.ID, missing)
			}
			if mailtag.Value(m.ID) != m.ID {
				t.Errorf("%s: the id %s can't be a tag", code, m.ID)
			}
		}
	}
}

// Whatever inbox of a pack is dead, mail goes to another organization of that pack that is behind it, if there is one at all, and
// the operator hears of it otherwise.
func TestADeadInboxOfAPackEndsWhereSomebodyReads(t *testing.T) {
	for _, code := range country.Codes() {
		pack, err := country.Load(code)
		check(t, err)
		inboxes := map[string]bool{}
		for i := range pack.Organizations {
			inboxes[pack.Organizations[i].Immerse.Inbox] = true
		}
		for i := range pack.Organizations {
			o := &pack.Organizations[i]
			p := planner(pack)
			p.Dead = map[string]bool{o.Immerse.Inbox: true}
			to, ok := p.inbox(o)
			if hasOne := o.ParentOrganizationID != "" || o.Immerse.Fallback != ""; ok != hasOne {
				t.Errorf("%s: somebody is behind %s: %v, and mail finds them: %v", code, o.Name, hasOne, ok)
			}
			if ok && (to == o.Immerse.Inbox || !inboxes[to]) {
				t.Errorf("%s: for %s it goes to %s", code, o.Name, to)
			}
		}
	}
}
