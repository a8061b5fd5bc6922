package hsds_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/functions/hsds"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/snapshot"
)

// shelf is a bucket with one release, or none.
type shelf struct {
	pointer, file []byte
	version       string
}

func (s *shelf) Get(_ context.Context, _, etag string, _ int64) (bucket.Object, error) {
	switch {
	case s.pointer == nil:
		return bucket.Object{}, bucket.ErrAbsent
	case etag == s.version:
		return bucket.Object{}, bucket.ErrUnchanged
	}
	return bucket.Object{Body: s.pointer, ETag: s.version}, nil
}

func (s *shelf) Range(_ context.Context, _ string, offset, length int64) ([]byte, error) {
	return s.file[offset : offset+length], nil
}

func (s *shelf) put(t *testing.T, contents snapshot.Contents, additions ...snapshot.Addition) {
	t.Helper()
	file, err := snapshot.Compile(contents, snapshot.CompileIndex, additions...)
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
	s.file, s.version = file, manifest.Digest
	s.pointer, err = json.Marshal(published.Pointer{Current: published.Release{Manifest: manifest, PublishedAt: contents.Created}})
	if err != nil {
		t.Fatal(err)
	}
}

// Until something is published there is the pack; then what was published, with the kinds of objects that a pack has none
// of, and none of the inboxes.
func TestWhatIsPublishedIsShownWithinAMinute(t *testing.T) {
	own, s, now := pack(t, "cy"), &shelf{}, time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	h := handler(hsds.Follow(s, own, time.Minute, func() time.Time { return now }, slog.New(slog.DiscardHandler)))
	if p := ask(t, h, "GET", "/hsds/services").page(t); p.TotalItems != len(own.Services) {
		t.Errorf("%d services of the pack's %d", p.TotalItems, len(own.Services))
	}
	contents := snapshot.OfPack(own, now)
	contents.Services = contents.Services[:1]
	service := contents.Services[0].ID
	contents.Others = []snapshot.Document{
		{Kind: "location", ID: "l", JSON: []byte(`{"id":"l","location_type":"physical","name":"Library","latitude":35.10}`)},
		{Kind: "service_at_location", ID: "p", JSON: []byte(`{"id":"p","service_id":"` + service + `","location_id":"l"}`)},
	}
	contents.Version = "changed"
	s.put(t, contents)
	now = now.Add(61 * time.Second)
	if p := ask(t, h, "GET", "/hsds/services").page(t); p.TotalItems != 1 {
		t.Errorf("%d services after one was published", p.TotalItems)
	}
	got := ask(t, h, "GET", "/hsds/services/"+service)
	if !strings.Contains(got.body, `"latitude":35.10`) || !strings.Contains(got.body, `"taxonomy_term"`) || !strings.Contains(got.body, `"service_areas"`) {
		t.Errorf("%s", got.body)
	}
	if got := ask(t, h, "GET", "/hsds/organizations?full=true&per_page=1000"); strings.Contains(got.body, "inbox") {
		t.Error("an inbox is published")
	}
	now = now.Add(61 * time.Second)
	if again := ask(t, h, "GET", "/hsds/services/"+service, "if-none-match", got.headers["ETag"]); again.status != 304 {
		t.Errorf("the same catalogue has another answer: %d", again.status)
	}
}

func TestLoadNamesEveryProblem(t *testing.T) {
	_, err := hsds.Load(func(string) string { return "" })
	if err == nil {
		t.Fatal("an empty environment is accepted")
	}
	for _, name := range []string{"COUNTRY", "BASE_URL", "CATALOGUE_BUCKET"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q doesn't name %s", err, name)
		}
	}
}
