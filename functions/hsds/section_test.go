package hsds_test

import (
	"log/slog"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/functions/hsds"
	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/catalogue/opendata"
	"github.com/miict/immerse/shared/snapshot"
)

// shelved puts contents on a shelf, with the section of the directory or as an older program would have.
func shelved(t *testing.T, contents snapshot.Contents, additions ...snapshot.Addition) *hsds.Handler {
	t.Helper()
	s := &shelf{}
	s.put(t, contents, additions...)
	log := slog.New(slog.DiscardHandler)
	return handler(hsds.Follow(s, pack(t, "es"), time.Minute, func() time.Time { return contents.Created }, log))
}

// A catalogue with all kinds of objects: the Spanish pack and the foreign feed.
func mixed(t *testing.T) snapshot.Contents {
	t.Helper()
	contents := snapshot.OfPack(pack(t, "es"), time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	for _, r := range foreignRecords(t) {
		contents.Others = append(contents.Others, snapshot.Document{Kind: string(r.Kind), ID: r.ID(), JSON: r.Object.Bytes()})
	}
	return contents
}

// recordsOf are the documents of contents in memory.
func recordsOf(t *testing.T, contents snapshot.Contents) (records []catalogue.Record) {
	t.Helper()
	file, err := snapshot.Compile(contents, snapshot.CompileIndex)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := snapshot.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	documents, err := opened.Documents()
	if err != nil {
		t.Fatal(err)
	}
	for i := range documents.Len() {
		document, err := documents.At(i)
		if err != nil {
			t.Fatal(err)
		}
		r := catalogue.NewRecord("", document.JSON)
		r.Kind = catalogue.Kind(document.Kind)
		records = append(records, r)
	}
	return records
}

// Whether a directory was made of records, of documents, or opened from the section that was published with them: every
// answer is the same.
func TestWhatIsPublishedAnswersAsWhatItWasMadeOf(t *testing.T) {
	t.Parallel()
	contents := mixed(t)
	of := handler(fixed{directory: catalogue.NewDirectory(contents.Version, recordsOf(t, contents), opendata.Words("ES", pack(t, "es").Areas))})
	others := map[string]*hsds.Handler{"with": shelved(t, contents, opendata.Addition), "without": shelved(t, contents)}
	addresses := []string{
		"services?search=gran", "services?search=granada+a", "services?search=zzz", "services?search=%21", "services?search=caffe+ling&full=true",
		"services?modified_after=2026-05-01", "services?minimal=true", "services?format=ndjson", "services?page=3&per_page=7",
		"services?format=cpsv-ap", "services?format=schema.org&per_page=3", "organizations?full_service=true&per_page=20",
		"taxonomy_terms?top_only=true", "service_at_locations?search=caffe&full=true", "services/nothing", "services?taxonomy_id=x",
	}
	for _, list := range []string{"services", "organizations", "taxonomies", "taxonomy_terms", "service_at_locations"} {
		addresses = append(addresses, list, list+"?full=true&per_page=40", list+"?search=a")
		for i, object := range ask(t, of, "GET", "/hsds/"+list+"?per_page=1000").page(t).Contents {
			if i > 2 && i%25 != 0 {
				continue
			}
			id := url.PathEscape(object["id"].(string))
			addresses = append(addresses, list+"/"+id, list+"/"+id+"?full_service=true", "services?organization_id="+id, "services?taxonomy_term_id="+id)
		}
	}
	for _, address := range addresses {
		want := ask(t, of, "GET", "/hsds/"+address)
		for name, h := range others {
			if got := ask(t, h, "GET", "/hsds/"+address); got.status != want.status || want.status == 200 && got.body != want.body {
				t.Fatalf("%s, %s the section: %d\n%.2000s\nwant %d\n%.2000s", address, name, got.status, got.body, want.status, want.body)
			}
		}
	}
}

// Whatever is wrong with a section or the documents whose checks fit: an error or an answer, and no panic.
func TestADamagedDirectoryPanicsNowhere(t *testing.T) {
	t.Parallel()
	contents := mixed(t)
	contents.Services = contents.Services[:3]
	file, err := snapshot.Compile(contents, snapshot.CompileIndex, opendata.Addition)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := snapshot.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, name := range []string{snapshot.Settings, snapshot.Documents, opendata.Section} {
		if parts[name], err = opened.Section(name); err != nil {
			t.Fatal(err)
		}
	}
	rounds := 60
	if testing.Short() {
		rounds = 20
	}
	random, answers := rand.New(rand.NewPCG(1, 2)), 0
	for round := range rounds {
		public := append([]byte{}, parts[opendata.Section]...)
		switch round % 4 {
		case 0:
			public = public[:random.IntN(len(public))]
		default:
			for range 1 + random.IntN(8) {
				public[random.IntN(len(public))] = byte(random.Uint32())
			}
		}
		documents := parts[snapshot.Documents]
		if round%5 == 0 {
			documents = append([]byte{}, documents...)
			documents[len(documents)-1-random.IntN(2000)] ^= 0x40
		}
		directory, err := opendata.Open("ES", "v", parts[snapshot.Settings], documents, public)
		if err != nil {
			continue
		}
		h := handler(fixed{directory: directory})
		var said strings.Builder
		h.Log = slog.New(slog.NewTextHandler(&said, nil))
		for _, address := range []string{
			"services?full=true", "services?search=a", "services?minimal=true", "services?format=cpsv-ap", "services?modified_after=2026-01-01",
			"organizations?full_service=true&per_page=5", "service_at_locations?full=true&search=c", "taxonomy_terms?top_only=true",
		} {
			if got := ask(t, h, "GET", "/hsds/"+address); got.status != 200 && got.status != 503 {
				t.Errorf("%s: %d %s", address, got.status, got.body)
			}
			answers++
		}
		if strings.Contains(said.String(), "panic") {
			t.Fatal(said.String())
		}
	}
	if answers == 0 {
		t.Error("every damage was seen when it was opened: nothing was asked")
	}
}
