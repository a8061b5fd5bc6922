package proof

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/infra/local/ses"
	"github.com/miict/immerse/infra/local/sqs"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/mailtag"
	"github.com/miict/immerse/shared/store"
)

// TestOneMailADay: an authority that wants one mail a day gets one about fifty people, and an urgent one at once. Then whoever makes
// the n-th call for a digest is killed, for every n there is: everybody is told, and only in the window of design §10 twice.
func TestOneMailADay(t *testing.T) {
	k := &killer{}
	s := k.start(t, soon)
	d := &digesting{system: s, application: s.onlyDaily(t, "es", "participation"), items: s.tables()}
	fifty := d.submit(t, "fifty", 50)
	if got := d.about(fifty); len(got) != 0 {
		t.Errorf("%d mails before the digest", len(got))
	}
	d.application["urgency"] = codes.Urgencies[0]
	urgent := d.submit(t, "urgent", 1)
	if mails := s.mails(t, urgent[0]); len(mails) == 0 {
		t.Error("the urgent one waits")
	}
	d.application["urgency"] = "soon"
	d.told(t, fifty)
	time.Sleep(300 * time.Millisecond) // none may follow
	for reader, mails := range byReader(d.about(fifty)) {
		if len(mails) != 1 {
			t.Errorf("%s got %d mails about fifty people", reader, len(mails))
		}
		for _, one := range fifty {
			if strings.Count(mails[0].Text, one.Reference) != 1 {
				t.Errorf("%s is told %d times of %s", reader, strings.Count(mails[0].Text, one.Reference), one.Reference)
			}
		}
		if strings.Contains(mails[0].Text+mails[0].HTML, canary) || strings.Contains(mails[0].Text, urgent[0].Reference) {
			t.Errorf("%s is told what it should not be:\n%s", reader, mails[0].Text)
		}
	}
	d.killed(t, k)
}

// digesting is a system, and an application that only authorities get that want one mail a day.
type digesting struct {
	*system
	application map[string]any
	items       *store.Store
}

// killed kills at one call after another of a digest about two people.
func (d *digesting) killed(t *testing.T, k *killer) {
	t.Helper()
	for n := 1; ; n++ {
		d.quiet(t)
		d.forget(t)
		people := d.submit(t, fmt.Sprintf("killed-%d", n), 2)
		k.arm(n, "after")
		d.told(t, people)
		victim := k.disarm()
		for reader, mails := range byReader(d.about(people)) {
			if len(mails) > 2 || len(mails) == 2 && !digestWindow[victim] {
				t.Errorf("killed %s: %s got %d mails", victim, reader, len(mails))
			}
		}
		if victim != "" {
			continue
		}
		t.Logf("%d calls, each killed after", n-1)
		if least := 4 + 3 + 2*2 + 3 + 2*2 + 1; n-1 < least { // followup's; those of the mail; reads, its record, referrals, closing
			t.Errorf("only %d calls were met: a digest makes %d", n-1, least)
		}
		return
	}
}

// digestWindow is where a kill may make a second digest: SES has it, and the table doesn't say so yet.
var digestWindow = map[string]bool{"after notification ses SendEmail": true}

// submit hands applications in and waits until each is notified.
func (d *digesting) submit(t *testing.T, name string, count int) (people []receipt) {
	t.Helper()
	for n := range count {
		people = append(people, d.insist(t, fmt.Sprintf("%s-%d", name, n), d.application))
	}
	for _, one := range people {
		d.reached(t, one, func(found store.Application) bool { return found.State == store.Notified })
	}
	return people
}

// told sweeps until every authority was told of each of the people.
func (d *digesting) told(t *testing.T, people []receipt) {
	t.Helper()
	for _, one := range people {
		d.reached(t, one, func(found store.Application) bool {
			sent := func(mail store.Mail) bool { return mail.State == store.MailSent && mail.Due != nil }
			if referrals := found.Ledger.Referrals(); len(referrals) > 0 && !slices.ContainsFunc(referrals, func(mail store.Mail) bool { return !sent(mail) }) {
				return true
			}
			_, _ = d.sweepOnce(t) // it may be killed
			time.Sleep(250 * time.Millisecond)
			return false
		})
	}
}

// sweepOnce has followup sweep, and nobody else do anything.
func (d *digesting) sweepOnce(t *testing.T) (string, error) {
	t.Helper()
	report, err := d.Invoke(t.Context(), "followup", []byte(`{"at_once":true}`))
	return string(report), err
}

// reached waits for an application, looking into the table so as not to make functions make calls.
func (d *digesting) reached(t *testing.T, r receipt, is func(store.Application) bool) {
	t.Helper()
	waitFor(t, r.Reference, func() bool {
		found, err := d.items.Application(t.Context(), r.Reference)
		return err == nil && is(found)
	})
}

// about are the digests that tell of any of the people.
func (d *digesting) about(people []receipt) (mails []ses.Mail) {
	for _, mail := range d.Mailbox.All() {
		if mail.Headers["X-Immerse-Reference"] == mailtag.Digest &&
			slices.ContainsFunc(people, func(one receipt) bool { return strings.Contains(mail.Text, one.Reference) }) {
			mails = append(mails, mail)
		}
	}
	return mails
}

func byReader(mails []ses.Mail) map[string][]ses.Mail {
	sorted := map[string][]ses.Mail{}
	for _, mail := range mails {
		sorted[mail.To[0]] = append(sorted[mail.To[0]], mail)
	}
	return sorted
}

// quiet waits until nothing of a digest is under way: what it told is off the list, and nobody is asked for it again.
func (d *digesting) quiet(t *testing.T) {
	t.Helper()
	waitFor(t, "the digests to be done with", func() bool {
		got, err := d.sweepOnce(t)
		idle := !slices.ContainsFunc(d.Queues.Counts(), func(c sqs.QueueCounts) bool {
			return strings.HasPrefix(c.Name, "immerse-es-notification") && c.Visible+c.InFlight+c.Delayed > 0
		})
		return err == nil && idle && strings.Contains(got, `"digests":0`)
	})
}

// forget makes it another day: there was no digest yet.
func (d *digesting) forget(t *testing.T) {
	t.Helper()
	all, err := d.Dump(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range all[d.items.Applications] {
		reference, ok := item["reference"].(*types.AttributeValueMemberS)
		if !ok || !strings.HasPrefix(reference.Value, "digests#") {
			continue
		}
		_, err := d.items.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
			TableName: aws.String(d.items.Applications), Key: map[string]types.AttributeValue{"reference": item["reference"], "item": item["item"]},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// onlyDaily publishes a catalogue in which one authority alone answers for a need, and wants one mail a day. It gives an application
// with that need.
func (s *system) onlyDaily(t *testing.T, code, need string) (application map[string]any) {
	t.Helper()
	catalogue := s.catalogueWithout(t, code, need)
	office := hsds.Organization{
		ID: "99999999-9999-4999-8999-999999999999", Name: "Daily office", Description: "reads its mail once a day",
		Immerse: &hsds.OrganizationExtension{Inbox: "daily@office.example", Language: "en", Delivery: hsds.DeliveryDaily},
	}
	catalogue.contents.Organizations = append(slices.Clone(catalogue.contents.Organizations), office)
	catalogue.contents.Services = append(catalogue.contents.Services, hsds.Service{
		ID: laterService, Name: "Council of migrants", OrganizationID: office.ID, Status: hsds.StatusActive,
		Immerse: &hsds.ServiceExtension{Needs: []string{need}, Areas: []string{strings.ToUpper(code)}, Authority: office.ID},
	})
	catalogue.publish(t, "daily")
	return map[string]any{
		"kind": "support", "language": "en", "consent": map[string]any{"processing": true}, "message": canary,
		"residence": map[string]any{"region": catalogue.region, "municipality": canary}, "needs": []any{need}, "urgency": "soon",
	}
}
