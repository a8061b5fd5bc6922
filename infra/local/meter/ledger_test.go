package meter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	minidyn "github.com/truora/minidyn/server"

	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/store/storetest"
)

// most is how many authorities an application may write to for which its ledger and its appointment still take one write
// unit each time. The bench's applications have nine to twelve.
const most = 14

// TestALedgerTakesOneUnitAWrite holds the layout to what it is for (docs/decisions/1901): a few bytes more for each mail
// make every write twice as dear.
func TestALedgerTakesOneUnitAWrite(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(minidyn.NewServer())
	t.Cleanup(server.Close)
	s := storetest.NewAt(t, storetest.Client(server.URL))
	const reference = "ES-7K3M-9QXT-40AB"
	at := time.Unix(1_795_332_971, 0).UTC()
	claim := store.Claim{Reference: reference, Holder: "RPTE7ZBIYN", Until: at.Add(time.Minute)}
	due := at.Add(5 * 24 * time.Hour)
	appointment := store.Appointment{Reference: reference, Day: "2026-11-25"}
	var begun, ended store.Posting
	var reports []store.Report
	for i := range most + 1 {
		mail := store.Mail{ID: "receipt", At: at, Attempts: 1}
		if i < most {
			mail.ID, mail.Due = store.ReferralID(fmt.Sprintf("17bd461f-444d-5b45-a85c-b9444f7e%04d", i), 0), &due
			lapse := at.Add(time.Duration(10+i/2) * 24 * time.Hour) // authorities have times of their own
			appointment.Clocks = append(appointment.Clocks, store.Clock{Mail: mail.ID, Remind: at, Escalate: at.Add(time.Hour), Lapse: lapse})
		}
		mail.State = store.MailSending
		begun.Mails = append(begun.Mails, mail)
		mail.State = store.MailSent
		ended.Mails = append(ended.Mails, mail)
		reports = append(reports, store.Report{Mail: mail.ID, Fact: referral.Arrived, At: at})
	}
	ended.Over, ended.Notified = true, &store.HandOver{At: time.Now(), Sent: most + 1}
	must(t, s.Claim(t.Context(), store.Ledger{}, claim, at, begun))
	must(t, s.Post(t.Context(), claim, ended))
	must(t, s.Hear(t.Context(), reference, reports))
	must(t, s.Appoint(t.Context(), "ES", appointment))
	for _, size := range sizes(t, server.URL, s.Applications) {
		if size > writeUnit {
			t.Errorf("an item takes %d bytes, more than %d", size, writeUnit)
		}
	}
}

// sizes are those of all items of a table, as they are on the wire.
func sizes(t *testing.T, endpoint, table string) (all []int) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, bytes.NewBufferString(`{"TableName": "`+table+`"}`))
	must(t, err)
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810.Scan")
	answer, err := http.DefaultClient.Do(request)
	must(t, err)
	defer answer.Body.Close()
	var found struct{ Items []map[string]any }
	must(t, json.NewDecoder(answer.Body).Decode(&found))
	for _, item := range found.Items {
		all = append(all, itemSize(item))
	}
	if len(all) != 2 {
		t.Fatalf("%d items", len(all))
	}
	return all
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
