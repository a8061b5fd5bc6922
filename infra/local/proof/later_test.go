package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/snapshot"
)

// TestNobodyIsForgotten has people apply before there is a service for them, and looks at what they and the authority are
// told when there is one, when its only place is taken, and when that is free again: because the authority declines, or because
// whoever had it is erased.
func TestNobodyIsForgotten(t *testing.T) {
	s := start(t, "es", soon)
	s.later(t, "es", func() {})
}

// soon lets functions look at the catalogue, and at those who weren't ready, again and again.
func soon(o *laptop.Options) {
	o.Env["CATALOGUE_MAX_AGE"], o.Env["PERCOLATION_PAUSE"] = "50ms", "1s"
}

// later plays the whole of it in a country. published is called when there is another catalogue.
func (s *system) later(t *testing.T, code string, published func()) {
	t.Helper()
	catalogue := s.catalogueWithout(t, code, "participation")
	catalogue.publish(t, "none")
	published()
	first := s.submit(t, catalogue.applicant("first"), "later-first-"+code).receipt(t)
	s.notified(t, first)
	if got := s.matches(t, first); len(got) != 0 {
		t.Fatalf("there is something for the need already: %+v", got)
	}
	if mails := s.mails(t, first); len(mails) != 1 || !strings.Contains(mails["receipt"][0].Text, "We keep looking.") {
		t.Errorf("told at first:\n%s", describe(mails))
	}

	catalogue.announce(t) // of a service that isn't there: nothing happens
	catalogue.add(1)
	catalogue.publish(t, "one")
	published()
	if got := s.must(t, http.MethodGet, "/hsds/services/"+laterService, ""); got.status != http.StatusOK {
		t.Errorf("the directory: %d %s", got.status, got.body)
	}
	for range 2 { // an event may come twice
		catalogue.announce(t)
	}
	told := map[string]int{"receipt": 1, "news+1": 1, "authority-" + catalogue.authority + "+1": 1}
	s.wantMails(t, first, told)
	s.notified(t, first)
	if got := s.matches(t, first); len(got) != 1 || got[0].ServiceID != laterService || got[0].Waiting {
		t.Errorf("after the service was added: %+v", got)
	}

	if got := s.officer(t, first).page(t); got.status != http.StatusOK || !strings.Contains(got.body, `value="accept"`) {
		t.Errorf("the authority's page of the later round: %d %s", got.status, got.body)
	}

	urgent := catalogue.applicant("second")
	urgent["urgency"] = "no_shelter" // what is found for them goes by the urgent queue
	second := s.submit(t, urgent, "later-second-"+code).receipt(t)
	s.notified(t, second)
	if got := s.matches(t, second); len(got) != 1 || !got[0].Waiting {
		t.Errorf("with no place left: %+v", got)
	}
	s.wantMails(t, second, map[string]int{"receipt": 1})
	page := s.must(t, http.MethodPost, "/status", "action=show&language=en&reference="+second.Reference+"&secret="+second.Secret,
		"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
	if !strings.Contains(page.body, "There is no free place now.") {
		t.Errorf("the page says nothing of it: %d %s", page.status, page.body)
	}

	s.officer(t, first).do(t, http.StatusSeeOther, "action=decline", "reason=no_capacity")
	s.wantMails(t, second, told)
	declined := maps.Clone(told)
	declined["declined-"+catalogue.authority+"+1"] = 1 // the person is told of that, too
	s.wantMails(t, first, declined)
	s.notified(t, second)
	if got := s.matches(t, second); len(got) != 1 || got[0].Waiting {
		t.Errorf("with a place: %+v", got)
	}

	third := s.submit(t, catalogue.applicant("third"), "later-third-"+code).receipt(t)
	s.notified(t, third)
	s.wantMails(t, third, map[string]int{"receipt": 1})
	s.erasedIsUnlisted(t, catalogue, second, first)
	s.wantMails(t, third, told) // the second had the place
}

// erasedIsUnlisted erases people, and waits until the next look has taken them off the list of those to look for.
func (s *system) erasedIsUnlisted(t *testing.T, c *laterCatalogue, people ...receipt) {
	t.Helper()
	for _, r := range people {
		got := s.must(t, http.MethodDelete, "/api/v1/applications/"+r.Reference, "", "Authorization", "Bearer "+r.Secret)
		if got.status != http.StatusNoContent {
			t.Fatalf("erasing: %d %s", got.status, got.body)
		}
	}
	c.announce(t)
	listed := func() bool {
		items, err := s.Dump(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items["immerse-"+c.code+"-applications"] {
			text, err := json.Marshal(item)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte("open#")) && slices.ContainsFunc(people, func(r receipt) bool { return bytes.Contains(text, []byte(r.Reference)) }) {
				return true
			}
		}
		return false
	}
	waitFor(t, "the erased to be off the list", func() bool { return !listed() })
}

// wantMails waits for the mails to one application, and for a moment longer, as none may come twice.
func (s *system) wantMails(t *testing.T, r receipt, want map[string]int) {
	t.Helper()
	count := func() map[string]int {
		got := map[string]int{}
		for id, list := range s.mails(t, r) {
			got[id] = len(list)
		}
		return got
	}
	complete := func() bool {
		got := count()
		for id := range want {
			if got[id] == 0 {
				return false
			}
		}
		return true
	}
	waitFor(t, fmt.Sprintf("the mails of %s: %v", r.Reference, want), complete)
	time.Sleep(300 * time.Millisecond)
	if got := count(); len(got) != len(want) || slices.ContainsFunc(slices.Collect(maps.Values(got)), func(n int) bool { return n != 1 }) {
		t.Errorf("mails of %s: %v, want %v", r.Reference, got, want)
	}
}

// laterMatch is what the API says of a match.
type laterMatch struct {
	ServiceID string `json:"service_id"`
	Waiting   bool   `json:"waiting"`
}

func (s *system) matches(t *testing.T, r receipt) []laterMatch {
	t.Helper()
	var status struct {
		Matches []laterMatch `json:"matches"`
	}
	got := s.must(t, http.MethodGet, "/api/v1/applications/"+r.Reference, "", "Authorization", "Bearer "+r.Secret)
	if err := json.Unmarshal([]byte(got.body), &status); err != nil {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	return status.Matches
}

const laterService = "00000000-0000-4000-8000-000000000001"

// A laterCatalogue is a country's, of which a part comes later.
type laterCatalogue struct {
	s                 *system
	code, need        string
	region, authority string
	contents          snapshot.Contents
	pointer           published.Pointer
	bucket            string
	objects           *awss3.Client
}

// catalogueWithout is the pack's catalogue without the services for a need.
func (s *system) catalogueWithout(t *testing.T, code, need string) *laterCatalogue {
	t.Helper()
	pack, err := country.Load(code)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(codes.Needs, need) {
		t.Fatalf("no need %q", need)
	}
	c := &laterCatalogue{
		s: s, code: strings.ToLower(pack.Code), need: need, region: region(t, code), contents: snapshot.OfPack(pack, time.Now()),
		objects: awss3.NewFromConfig(s.Config(), func(o *awss3.Options) { o.UsePathStyle = true }),
	}
	c.contents.Services = slices.DeleteFunc(slices.Clone(c.contents.Services), func(service hsds.Service) bool {
		return service.Immerse != nil && slices.Contains(service.Immerse.Needs, need)
	})
	for _, o := range pack.Organizations {
		if o.Immerse != nil && o.Immerse.Inbox != "" && o.Immerse.Delivery == hsds.DeliveryInstant {
			c.authority = o.ID
		}
	}
	buckets, err := c.objects.ListBuckets(t.Context(), &awss3.ListBucketsInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range buckets.Buckets {
		if strings.HasPrefix(aws.ToString(b.Name), "immerse-"+c.code+"-catalogue") {
			c.bucket = aws.ToString(b.Name)
		}
	}
	return c
}

// applicant is somebody who needs what comes later.
func (c *laterCatalogue) applicant(name string) map[string]any {
	a := application("en")
	a["residence"], a["needs"] = map[string]any{"region": c.region}, []any{c.need}
	a["contact"] = map[string]any{"name": name, "email": name + "@example.org"}
	return a
}

// add adds the service, with places.
func (c *laterCatalogue) add(free float64) {
	c.contents.Services = append(c.contents.Services, hsds.Service{
		ID: laterService, Name: "Council of migrants", OrganizationID: c.authority, Status: hsds.StatusActive,
		Capacities: []hsds.Capacity{{Available: &free}},
		Immerse:    &hsds.ServiceExtension{Needs: []string{c.need}, Areas: []string{strings.ToUpper(c.code)}, Authority: c.authority},
	})
}

// publish puts the catalogue where functions look for it.
func (c *laterCatalogue) publish(t *testing.T, version string) {
	t.Helper()
	c.contents.Version = version
	file, err := snapshot.Compile(c.contents, snapshot.CompileIndex, snapshot.EventsAddition)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := snapshot.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := opened.Verify()
	if err != nil {
		t.Fatal(err)
	}
	release := published.Release{Manifest: manifest, PublishedAt: time.Now()}
	c.pointer = c.pointer.Next(release)
	pointer, err := json.Marshal(c.pointer)
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range []struct {
		key  string
		body []byte
	}{{release.Key(), file}, {published.PointerKey, pointer}} {
		in := &awss3.PutObjectInput{Bucket: &c.bucket, Key: aws.String(object.key), Body: bytes.NewReader(object.body)}
		if _, err := c.objects.PutObject(t.Context(), in); err != nil {
			t.Fatalf("publishing: %v", err)
		}
	}
	time.Sleep(100 * time.Millisecond) // longer than functions rely on what they know
}

// announce tells that the service was added or has places, as the operator's command does.
func (c *laterCatalogue) announce(t *testing.T) {
	t.Helper()
	made, err := events.CatalogueChanges(strings.ToUpper(c.code), c.contents.Version, []string{laterService},
		events.Origin{Source: "/" + c.code + "/operator", Time: time.Now()}, func() string { return "01JD8Z0000000000000000000A" })
	if err != nil {
		t.Fatal(err)
	}
	q := queue.Queue{Client: sqs.NewFromConfig(c.s.Config()), URL: c.s.URL + "/000000000000/immerse-" + c.code + "-percolation"}
	if err := q.Send(t.Context(), made[0]); err != nil {
		t.Fatal(err)
	}
}
