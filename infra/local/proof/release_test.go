package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/protocol"
	"github.com/miict/immerse/infra/publish"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/snapshot"
)

// looking is how long functions rely on what they know, in these tests.
const looking = 300 * time.Millisecond

// withService is the Spanish pack with one more service, whose authority is new too.
func withService(t *testing.T, name string) []byte {
	t.Helper()
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	contents := snapshot.OfPack(pack, time.Now())
	organization := hsds.Organization{ID: "99999999-9999-4999-8999-999999999999", Name: "Office of " + name, Description: "new",
		Immerse: &hsds.OrganizationExtension{Inbox: "office@" + name + ".example", Language: "es", Delivery: hsds.DeliveryInstant}}
	service := hsds.Service{ID: "88888888-8888-4888-8888-888888888888", Name: name, Status: hsds.StatusActive, OrganizationID: organization.ID,
		AssuredDate: time.Now().Format(time.DateOnly), // checked today: it comes first
		Immerse:     &hsds.ServiceExtension{Needs: []string{"language"}, Areas: []string{"ES-GR"}, Authority: organization.ID, Priority: 1}}
	contents.Services = append(append([]hsds.Service{}, contents.Services...), service)
	contents.Organizations = append(append([]hsds.Organization{}, contents.Organizations...), organization)
	if contents.Version, err = contents.Digest(); err != nil {
		t.Fatal(err)
	}
	file, err := publish.Compile(contents)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func (s *system) shelf(t *testing.T) publish.Shelf {
	t.Helper()
	shelf, err := publish.Open(t.Context(), s.Config(), "immerse-es-catalogue-")
	if err != nil {
		t.Fatal(err)
	}
	return shelf
}

func (s *system) put(t *testing.T, shelf publish.Shelf, key string, body []byte) {
	t.Helper()
	_, err := shelf.Client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &shelf.Bucket, Key: aws.String(key), Body: bytes.NewReader(body)})
	if err != nil {
		t.Fatal(err)
	}
}

// matchedWith hands an application in and gives what its owner is shown, once it is notified.
func (s *system) matchedWith(t *testing.T, key string) (shown string, r receipt) {
	t.Helper()
	time.Sleep(2 * looking)
	wanted := application("en")
	wanted["needs"] = []any{"language"}
	r = s.submit(t, wanted, key).receipt(t)
	s.notified(t, r)
	return s.must(t, "GET", "/api/v1/applications/"+r.Reference+"/export", "", "Authorization", "Bearer "+r.Secret).body, r
}

// A catalogue that is published is matched with, written about and shown without anything being started again; a bad one is
// refused, and the operator told.
func TestAPublishedCatalogueIsUsedAndABadOneIsNot(t *testing.T) {
	s := start(t, "es", func(o *laptop.Options) { o.Env["CATALOGUE_MAX_AGE"] = looking.String() })
	shelf := s.shelf(t)
	if shown, _ := s.matchedWith(t, "before"); strings.Contains(shown, "brandnew") || !strings.Contains(shown, `"rules":"`) {
		t.Fatalf("before it is published: %s", shown)
	}
	pids := slices.Concat(s.PIDs("matching"), s.PIDs("notification"), s.PIDs("intake"))
	good, err := shelf.Publish(t.Context(), withService(t, "brandnew"), false, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	shown, r := s.matchedWith(t, "after")
	var export struct {
		Result  struct{ Rules, Snapshot string }
		Matches []struct{ Service, Organization string }
	}
	if err := json.Unmarshal([]byte(shown), &export); err != nil {
		t.Fatal(err)
	}
	if export.Result.Snapshot != good.Digest || export.Result.Rules != good.Rules {
		t.Errorf("the person is told of %+v, published was %s %s", export.Result, good.Digest, good.Rules)
	}
	if len(export.Matches) == 0 || export.Matches[0].Service != "brandnew" || export.Matches[0].Organization != "Office of brandnew" {
		t.Errorf("matches: %+v", export.Matches)
	}
	mails := s.mails(t, r)
	if to := mails["authority-99999999-9999-4999-8999-999999999999"]; len(to) != 1 || to[0].To[0] != "office@brandnew.example" || !strings.Contains(to[0].Text, "brandnew") {
		t.Errorf("mails:\n%s", describe(mails))
	}
	now := slices.Concat(s.PIDs("matching"), s.PIDs("notification"), s.PIDs("intake"))
	if slices.ContainsFunc(pids, func(id int) bool { return !slices.Contains(now, id) }) { // more may have come, if there was much to do
		t.Errorf("something was started again: %d, then %d", pids, now)
	}
	if strings.Count(s.logs.String(), `"CatalogueTrouble":1`) == 0 {
		t.Error("before anything was published nobody said so")
	}

	// One that was damaged after it was published, past all that publishing checks.
	worse, err := shelf.Publish(t.Context(), withService(t, "worse"), false, time.Now().Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	file, err := shelf.File(t.Context(), worse)
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range worse.Sections {
		file[section.Offset+section.Length/2] ^= 0x10
	}
	s.put(t, shelf, worse.Key(), file)
	before := strings.Count(s.logs.String(), `"CatalogueTrouble":1`)
	if shown, _ := s.matchedWith(t, "damaged"); !strings.Contains(shown, good.Digest) || strings.Contains(shown, `"worse"`) {
		t.Errorf("with a damaged one: %s", shown)
	}
	if after := strings.Count(s.logs.String(), `"CatalogueTrouble":1`); after == before || !strings.Contains(s.logs.String(), "is refused") {
		t.Errorf("the operator isn't told: %d, then %d", before, after)
	}
	s.Kill("matching")
	if shown, _ := s.matchedWith(t, "damaged-cold"); !strings.Contains(shown, good.Digest) {
		t.Errorf("started with a damaged one, it does not take the former: %s", shown)
	}
	if _, err := shelf.Back(t.Context(), good.Digest, time.Now()); err != nil {
		t.Fatal(err)
	}
	if shown, _ := s.matchedWith(t, "back"); !strings.Contains(shown, good.Digest) {
		t.Errorf("after going back: %s", shown)
	}
}

// Publishing is stopped before and after each of its calls, and functions are killed at each look at the catalogue: there is
// always a whole catalogue in use, the former or the new one, and nothing is lost.
func TestKilledWhilePublishing(t *testing.T) {
	stop := &stopper{}
	s := start(t, "es", func(o *laptop.Options) {
		o.Env["CATALOGUE_MAX_AGE"] = looking.String()
		o.Before = stop.before
	})
	stop.system = s
	shelf := s.shelf(t)
	known := map[string]bool{}
	first, err := shelf.Publish(t.Context(), withService(t, "first"), false, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	known[first.Digest] = true
	file := withService(t, "second")
	calls := 0
	for n := 1; ; n++ {
		stop.arm(n, "")
		release, err := shelf.Publish(t.Context(), file, false, time.Now())
		stop.arm(0, "")
		if err == nil {
			known[release.Digest], calls = true, n
			break
		}
		pointer, _, err := shelf.Pointer(t.Context())
		if err != nil || !known[pointer.Current.Digest] {
			t.Fatalf("stopped at call %d: the pointer is %s, %v", n, pointer.Current.Digest, err)
		}
		if _, err := shelf.File(t.Context(), pointer.Current); err != nil {
			t.Fatalf("stopped at call %d: %v", n, err)
		}
	}
	if calls < 5 {
		t.Errorf("publishing made %d calls only", calls-1)
	}
	for i, function := range []string{"matching", "notification", "intake"} {
		if _, err := shelf.Publish(t.Context(), withService(t, fmt.Sprint("next", i)), false, time.Now()); err != nil {
			t.Fatal(err)
		}
		pointer, _, err := shelf.Pointer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * looking)
		stop.arm(1, function)
		small := application("en")
		small["needs"] = []any{"language"}
		r := s.insist(t, "killed-"+function, small)
		s.notified(t, r)
		var got answer
		waitFor(t, "an answer", func() (answered bool) {
			got, err = s.call("GET", "/api/v1/applications/"+r.Reference+"/export", "", "Authorization", "Bearer "+r.Secret)
			return err == nil && got.status == 200
		})
		if !strings.Contains(got.body, pointer.Current.Digest) {
			t.Errorf("killed %s as it looked: %s", function, got.body)
		}
		if !stop.struck() {
			t.Errorf("%s never looked", function)
		}
	}
}

// stopper fails the n-th call to S3 of somebody and, if that is a function, kills it.
type stopper struct {
	system *system

	mu   sync.Mutex
	left int
	who  string
}

func (s *stopper) arm(n int, who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left, s.who = n, who
}

func (s *stopper) struck() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left == 0
}

func (s *stopper) before(call protocol.Call) error {
	if call.Service != "s3" {
		return nil
	}
	s.mu.Lock()
	hit := s.left > 0 && call.Caller == s.who
	if hit {
		s.left--
		hit = s.left == 0
	}
	s.mu.Unlock()
	if !hit {
		return nil
	}
	if call.Caller != "" {
		s.system.dies(call.Caller)
	}
	return &protocol.Error{Status: 400, Type: "Stopped", Message: "stopped here"}
}
