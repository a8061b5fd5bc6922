package feedback

import (
	"context"
	"errors"

	"github.com/miict/immerse/shared/mailtag"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// A digest is one mail about many applications: its tags name its record, and the record them. What became of the mail is
// added to the entry of each. The record is written before SES has the mail, so it is always there first.

// about is what events are put together by: an application, or a digest.
func (n news) about() string {
	if n.reference == mailtag.Digest {
		return n.reference + " " + n.tag
	}
	return n.reference
}

// recordDigest adds what was heard of a digest to the mails that it stands for. Doing so again changes nothing.
func (h *Handler) recordDigest(ctx context.Context, key string, heard []news) error {
	digest, err := h.Store.Digest(ctx, h.Country, key)
	if err != nil {
		return err
	}
	if digest.Day == "" {
		h.Log.Info("nothing to record it with", "outcome", "gone", "digest", key)
		return nil
	}
	for _, n := range heard {
		if err := h.bury(ctx, key, digest.Organization, n); err != nil {
			return err
		}
		h.say(key, store.Mail{ID: mailtag.Digest}, n)
	}
	for _, told := range digest.Told {
		var reports []store.Report
		asked := map[string]bool{}
		for _, n := range heard {
			if err := h.elsewhere(ctx, told.Reference, store.Mail{ID: told.Mail}, n.fact, asked); err != nil {
				return err
			}
			reports = append(reports, store.Report{Mail: told.Mail, Fact: n.fact, At: n.at})
		}
		err := h.Store.Hear(ctx, told.Reference, reports)
		if err != nil && !errors.Is(err, store.ErrState) { // the application's time is over: nobody needs to know
			return err
		}
	}
	return nil
}

// deadly tells whether nothing should be sent to where a mail went. SES's own refusal is for what is in the mail.
func deadly(fact referral.Fact) bool { return referral.Known(fact).Dead() && fact != referral.NotTaken }
