package store

import (
	"testing"
	"time"
)

func TestNewLinksAreFewAndFarBetween(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	began := Mail{ID: ReferralID("a", 1), State: MailSent}
	var ledger Ledger
	sent := 0
	for hour := range 24 * 10 {
		at := now.Add(time.Duration(hour) * time.Hour)
		what, ok := ledger.NewLink(began, at)
		if !ok {
			continue
		}
		sending := Ledger{Mails: append([]Mail{}, ledger.Mails...)}
		sending.Mails = append(sending.Mails, Mail{ID: began.Follow(what), State: MailSending, At: at})
		if again, ok := sending.NewLink(began, at.Add(time.Minute)); !ok || again != what {
			t.Fatalf("one that is on its way is another: %q, %t", again, ok)
		}
		ledger.Mails = append(ledger.Mails, Mail{ID: began.Follow(what), State: MailSent, At: at})
		if sent++; hour != (sent-1)*24 || !ledger.LinkSent(began).Equal(at) {
			t.Errorf("link %d after %d hours, last %s", sent, hour, ledger.LinkSent(began))
		}
	}
	if sent != MostLinks {
		t.Errorf("%d links were sent", sent)
	}
	began.Generation = 1
	if what, ok := ledger.NewLink(began, now); !ok || what != "link1_1" || !ledger.LinkSent(began).IsZero() {
		t.Errorf("a link of the next generation: %q, %t", what, ok)
	}
}
