package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/miict/immerse/infra/publish"
	"github.com/miict/immerse/shared/published"
)

// versions gives what is published.
func (s system) versions() []releaseOutput {
	s.t.Helper()
	got := s.run("", "catalogue", "versions", "-c", "es", "--json")
	var all []releaseOutput
	if err := json.Unmarshal([]byte(got.out), &all); err != nil || got.code != exitDone {
		s.t.Fatalf("%v: %+v", err, got)
	}
	return all
}

const someService = `{"id":"11111111-1111-4111-8111-111111111111","organization_id":"%s","name":"Brand new","status":"active",` +
	`"immerse":{"needs":["language"],"areas":["ES"],"authority":"%s"}}`

// feed writes the services of the Spanish pack with one more, or with only that one, to a file.
func (s system) feed(name string, whole bool, change func(string) string) string {
	s.t.Helper()
	lines := s.run("", "catalogue", "export", "-c", "es").out
	var first struct {
		OrganizationID string `json:"organization_id"`
	}
	if err := json.Unmarshal([]byte(lines[:strings.IndexByte(lines, '\n')]), &first); err != nil {
		s.t.Fatal(err)
	}
	if !whole {
		lines = ""
	}
	lines += strings.ReplaceAll(someService, "%s", first.OrganizationID) + "\n"
	if change != nil {
		lines = change(lines)
	}
	file := filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return file
}

func TestPublishVersionsRollback(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: much work, one thing after the other; make test runs it")
	}
	t.Parallel()
	s := start(t)
	if got := s.run("", "catalogue", "versions", "-c", "es"); got.code != exitDone || !strings.Contains(got.out, "Nothing is published") {
		t.Errorf("%+v", got)
	}
	if got := s.run("", "catalogue", "publish", "-c", "es", "--dry-run"); got.code != exitDone || !strings.Contains(got.out, "would be published") || len(s.versions()) != 0 {
		t.Fatalf("dry run: %+v", got)
	}
	if got := s.run("", "catalogue", "publish", "-c", "es", "--deployed"); got.code != exitDone || !strings.HasPrefix(got.out, "Published") {
		t.Fatalf("the pack: %+v", got)
	}
	pack := s.versions()[0]
	if got := s.run("", "catalogue", "publish", "-c", "es", "--deployed"); got.code != exitDone || len(s.versions()) != 1 {
		t.Errorf("deployed again: %+v", got)
	}
	feed := s.feed("services.ndjson", true, nil)
	if got := s.run("", "catalogue", "publish", "-c", "es", "--catalogue", feed); got.code != exitDone || !strings.Contains(got.err, "1 services announced") {
		t.Fatalf("a feed: %+v", got)
	}
	const told = `"services":["11111111-1111-4111-8111-111111111111"]`
	if got := s.run("", "catalogue", "announce", "-c", "es", "--json"); got.code != exitDone || !strings.Contains(strings.Join(strings.Fields(got.out), ""), told) {
		t.Errorf("announced again: %+v", got)
	}
	if got := s.run("", "catalogue", "announce", "-c", "es", "--service", "11111111-1111-4111-8111-111111111111"); got.code != exitDone || !strings.Contains(got.out, "1 services announced") {
		t.Errorf("announced by id: %+v", got)
	}
	if got := s.run("", "catalogue", "announce", "-c", "es", "--service", "11111111-1111-4111-8111-111111111111", "--service", "b"); got.code != exitBadInput || !strings.Contains(got.err, `["b"]`) {
		t.Errorf("announced what isn't there: %+v", got)
	}
	if got := s.run("", "catalogue", "publish", "-c", "es", "--deployed"); got.code != exitDone || len(s.versions()) != 2 {
		t.Errorf("a deployment puts its pack over what an operator has published: %+v", got)
	}
	all := s.versions()
	if len(all) != 2 || !all[0].Current || all[1].Digest != pack.Digest || all[0].Catalogue == pack.Catalogue || all[0].Rules != pack.Rules {
		t.Fatalf("%+v", all)
	}
	if got := s.run("", "catalogue", "rollback", pack.Catalogue, "-c", "es"); got.code != exitDone {
		t.Errorf("rollback: %+v", got)
	}
	if back := s.versions(); len(back) != 2 || back[0].Digest != pack.Digest {
		t.Errorf("after going back: %+v", back)
	}
	for _, wrong := range []string{"nothing", "", "0"} {
		if got := s.run("", "catalogue", "rollback", wrong, "-c", "es"); got.code != exitBadInput {
			t.Errorf("rollback to %q: %+v", wrong, got)
		}
	}
}

func TestABadCatalogueIsNotPublished(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: much work, one thing after the other; make test runs it")
	}
	t.Parallel()
	s := start(t)
	if got := s.run("", "catalogue", "publish", "-c", "es"); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	for want, file := range map[string]string{
		"unknown need":            s.feed("a.ndjson", true, func(l string) string { return strings.ReplaceAll(l, `"needs":["language"]`, `"needs":["lodging"]`) }),
		"is that of":              s.feed("b.ndjson", true, func(l string) string { return l + l }),
		"can be matched":          s.feed("c.ndjson", true, func(l string) string { return strings.ReplaceAll(l, `"immerse"`, `"theirs"`) }),
		"1 services would remain": s.feed("d.ndjson", false, nil),
	} {
		got := s.run("", "catalogue", "publish", "-c", "es", "--catalogue", file)
		if got.code != exitBadInput || !strings.Contains(got.err, want) || !strings.Contains(got.err, "nothing was published") || len(s.versions()) != 1 {
			t.Errorf("want %q: %+v", want, got)
		}
	}
	if got := s.run("", "catalogue", "publish", "-c", "es", "--fewer", "--catalogue", s.feed("e.ndjson", false, nil)); got.code != exitDone || len(s.versions()) != 2 {
		t.Errorf("meant: %+v", got)
	}
}

// Two who publish at once: the pointer goes from one to the other, and none is lost unseen.
func TestTwoWhoPublishDontOverwriteEachOther(t *testing.T) {
	t.Parallel()
	s := start(t)
	shelf, err := publish.Open(t.Context(), s.Config(), "immerse-es-catalogue-")
	if err != nil {
		t.Fatal(err)
	}
	files := []string{s.feed("a.ndjson", true, nil), s.feed("b.ndjson", true, func(l string) string { return strings.ReplaceAll(l, "Brand new", "Other") })}
	codes := make(chan ran, len(files))
	for _, file := range files {
		go func() { codes <- s.run("", "catalogue", "publish", "-c", "es", "--catalogue", file) }()
	}
	done := 0
	for range files {
		if got := <-codes; got.code == exitDone {
			done++
		} else if !strings.Contains(got.err, "somebody else has published") {
			t.Errorf("%+v", got)
		}
	}
	if all := s.versions(); done == 0 || len(all) != done {
		t.Errorf("%d published, the pointer has %d", done, len(all))
	}
	// What lies under a digest and isn't what it says is never pointed to.
	digest := s.versions()[0].Digest
	if got := s.run("", "catalogue", "publish", "-c", "es"); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	_, err = shelf.Client.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: &shelf.Bucket, Key: aws.String("catalogue/" + digest + ".snapshot"), Body: bytes.NewReader([]byte("damaged")),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.run("", "catalogue", "rollback", digest, "-c", "es"); got.code == exitDone || s.versions()[0].Digest == digest {
		t.Errorf("back to a damaged one: %+v", got)
	}
	if _, err := shelf.Client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &shelf.Bucket, Key: aws.String(published.PointerKey), Body: bytes.NewReader([]byte("x"))}); err != nil {
		t.Fatal(err)
	}
	if got := s.run("", "catalogue", "publish", "-c", "es"); got.code != exitFailed {
		t.Errorf("over a pointer that nobody reads: %+v", got)
	}
}

// The same snapshot, person and time give the same result, byte by byte, and that of the catalogue it was made of.
func TestMatchingWithASnapshotIsReplaying(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: much work, one thing after the other; make test runs it")
	}
	t.Parallel()
	s := start(t)
	if got := s.run("", "catalogue", "publish", "-c", "es"); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	file := filepath.Join(t.TempDir(), "es.snapshot")
	if got := s.run("", "catalogue", "download", s.versions()[0].Digest[:12], "-c", "es", "--file", file); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	profile := `{"id":"p","kind":"support","language":"ar","consent":{"processing":true},"residence":{"region":"ES-GR"},"needs":["language","employment"],"birth_year":1994}`
	arguments := []string{"match", "-c", "es", "--profiles", "-", "--at", "2026-11-22T09:30:00Z"}
	want := s.run(profile, arguments...)
	if want.code != exitDone || len(want.out) < 500 {
		t.Fatalf("%+v", want)
	}
	for range 2 {
		if got := s.run(profile, append(arguments, "--snapshot", file)...); got.code != exitDone || got.out != want.out {
			t.Errorf("replayed\n%s\nwas\n%s", got.out, want.out)
		}
	}
	if got := s.run(profile, "match", "-c", "it", "--profiles", "-", "--snapshot", file); got.code != exitBadInput {
		t.Errorf("as another country's: %+v", got)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for eighth := range 8 { // the whole file, also the documents, which matching doesn't read
		damaged := bytes.Clone(data)
		damaged[(2*eighth+1)*len(data)/16] ^= 1
		if err := os.WriteFile(file, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := s.run(profile, append(arguments, "--snapshot", file)...); got.code != exitBadInput || !strings.Contains(got.err, "damaged") {
			t.Errorf("damaged in the eighth %d: %+v", eighth, got)
		}
	}
}
