package storetest

import (
	"testing"
	"time"

	"github.com/miict/immerse/shared/store"
)

const mailID = "receipt"

func mailClaims(t *testing.T, s *store.Store) {
	ctx, lease := t.Context(), At.Add(30*time.Second)
	must(t, s.ClaimMail(ctx, ref, mailID, At, lease))
	wantErr(t, s.ClaimMail(ctx, ref, mailID, lease.Add(-time.Second), lease), store.ErrMailClaimed)
	must(t, s.ClaimMail(ctx, ref, mailID, lease, lease.Add(30*time.Second)))
	must(t, s.ReleaseMail(ctx, ref, mailID))
	must(t, s.ClaimMail(ctx, ref, mailID, At, lease))
	if got := mail(t, s); got.State != store.MailSending || got.Attempts != 3 {
		t.Errorf("after three claims: %+v", got)
	}
}

func mailEnds(t *testing.T, s *store.Store) {
	ctx, lease := t.Context(), At.Add(30*time.Second)
	must(t, s.ClaimMail(ctx, ref, mailID, At, lease))
	must(t, s.MailSent(ctx, ref, mailID, "ses-1", At))
	must(t, s.MailSent(ctx, ref, mailID, "ses-1", At))
	wantErr(t, s.MailSent(ctx, ref, mailID, "ses-2", At), store.ErrState)
	wantErr(t, s.ClaimMail(ctx, ref, mailID, lease, lease), store.ErrMailSent)
	wantErr(t, s.ReleaseMail(ctx, ref, mailID), store.ErrState)
	if got := mail(t, s); got.State != store.MailSent || got.MessageID != "ses-1" {
		t.Errorf("after sending: %+v", got)
	}
	must(t, s.ClaimMail(ctx, ref, "authority-1", At, lease))
	must(t, s.MailFailed(ctx, ref, "authority-1", "rejected", At))
	wantErr(t, s.ClaimMail(ctx, ref, "authority-1", lease, lease), store.ErrMailFailed)
}

// mail reads the first mail.
func mail(t *testing.T, s *store.Store) store.Mail {
	t.Helper()
	mails, err := s.Mails(t.Context(), ref)
	must(t, err)
	if len(mails) == 0 || mails[0].ID != mailID {
		t.Fatalf("mails: %+v", mails)
	}
	return mails[0]
}

func manyClaims(t *testing.T, s *store.Store) {
	won := countSuccess(t, store.ErrMailClaimed, func(int) error {
		return s.ClaimMail(t.Context(), ref, mailID, At, At.Add(30*time.Second))
	})
	if won != 1 {
		t.Errorf("%d claims won", won)
	}
}

func mailsAreApart(t *testing.T, s *store.Store) {
	create(t, s, ref)
	must(t, s.ClaimMail(t.Context(), ref, mailID, At, At))
	must(t, s.ClaimMail(t.Context(), "ES-0000-0000-0000", mailID, At, At))
	mails, err := s.Mails(t.Context(), ref)
	must(t, err)
	if len(mails) != 1 {
		t.Errorf("mails: %+v", mails)
	}
}
