package matching_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/functions/matching"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/snapshot"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// shelf is a bucket with one release.
type shelf struct {
	pointer []byte
	file    []byte
	down    bool
}

func (s *shelf) Get(context.Context, string, string, int64) (bucket.Object, error) {
	if s.down {
		return bucket.Object{}, errors.New("no answer")
	}
	return bucket.Object{Body: s.pointer, ETag: "e"}, nil
}

func (s *shelf) Range(_ context.Context, _ string, offset, length int64) ([]byte, error) {
	return s.file[offset : offset+length], nil
}

// put puts a pack on the shelf, as if it were published under some rules; empty are this program's.
func (s *shelf) put(t *testing.T, pack *country.Pack, rules string) published.Release {
	t.Helper()
	file, err := snapshot.Compile(snapshot.OfPack(pack, at), snapshot.CompileIndex)
	must(t, err)
	opened, err := snapshot.Open(file)
	must(t, err)
	manifest, err := opened.Verify()
	must(t, err)
	if rules != "" {
		manifest.Rules = rules
		index, err := manifest.Section(snapshot.Index)
		must(t, err)
		for i := range manifest.Sections { // and its index is one that this program does not read
			if manifest.Sections[i].Name == snapshot.Index {
				manifest.Sections[i].Length, manifest.Sections[i].SHA256 = 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
			}
		}
		clear(file[index.Offset : index.Offset+index.Length])
	}
	release := published.Release{Manifest: manifest, PublishedAt: at}
	s.file = file
	s.pointer, err = json.Marshal(published.Pointer{Current: release})
	must(t, err)
	return release
}

func spain(t *testing.T) *country.Pack {
	t.Helper()
	pack, err := country.Load("es")
	must(t, err)
	return pack
}

func follow(t *testing.T, s *shelf) *published.Follower[matching.Matcher] {
	return matching.Follow(s, spain(t), time.Minute, time.Now, slog.New(slog.NewTextHandler(io.Discard, nil)))
}

// What was recorded of a match is enough to make it again, byte by byte.
func TestAMatchIsReplayed(t *testing.T) {
	w, s := newWorld(t), &shelf{}
	release := s.put(t, spain(t), "")
	w.Catalogue = follow(t, s)
	w.submit(t)
	if failed := w.handle(t, submitted(t, at)); failed != "" {
		t.Fatalf("failed: %s\n%s", failed, w.log)
	}
	application := w.read(t)
	if application.Catalogue != release.Catalogue || application.Rules != release.Rules {
		t.Errorf("recorded %+v, published %s %s", application.Versions, release.Catalogue, release.Rules)
	}
	recorded := w.assessment(t, application)
	if recorded.Snapshot != release.Digest || recorded.Rules != release.Rules || len(recorded.Result.Matches) == 0 {
		t.Fatalf("sealed: snapshot %s, rules %s, %d matches", recorded.Snapshot, recorded.Rules, len(recorded.Result.Matches))
	}
	opened, err := snapshot.Open(s.file)
	must(t, err)
	manifest, err := opened.Verify()
	must(t, err)
	index, err := opened.Section(snapshot.Index)
	must(t, err)
	settings, err := opened.Section(snapshot.Settings)
	must(t, err)
	configuration, err := snapshot.ConfigurationOf(settings)
	must(t, err)
	engine, err := snapshot.OpenIndex(index)
	must(t, err)
	var person eligibility.Profile
	must(t, json.Unmarshal([]byte(profile), &person))
	again, err := json.Marshal(match.Limit(engine.Match(person, application.SubmittedAt), configuration.MatchesPerNeed))
	must(t, err)
	first, err := json.Marshal(recorded.Result)
	must(t, err)
	if manifest.Digest != recorded.Snapshot || !bytes.Equal(first, again) {
		t.Errorf("recorded %s\nagain    %s", first, again)
	}
}

// assessment opens a sealed result.
func (w *world) assessment(t *testing.T, application store.Application) assessment.Assessment {
	t.Helper()
	keys, err := w.store.Keys(t.Context(), application.KeysID)
	must(t, err)
	person, err := w.vault.Ring(t, vault.Notification).Person(reference, keys)
	must(t, err)
	opened, err := assessment.Open(person, application.Result)
	must(t, err)
	return opened
}

// A catalogue that a former program compiled is as good: its index is made anew, by this program's rules.
func TestACatalogueOfOtherRulesIsCompiledAnew(t *testing.T) {
	pack, s := spain(t), &shelf{}
	release := s.put(t, pack, "0-former")
	edition, err := follow(t, s).Current(t.Context())
	must(t, err)
	catalogue, err := match.FromPack(pack)
	must(t, err)
	p := eligibility.Profile{Residence: eligibility.Residence{Region: "ES-GR"}, Needs: codes.Needs}
	want, err := json.Marshal(match.NewLinear(catalogue).Match(p, at))
	must(t, err)
	got, err := json.Marshal(edition.Made.Match(p, at))
	must(t, err)
	if edition.Digest != release.Digest || edition.Made.Rules == release.Rules || !bytes.Equal(got, want) {
		t.Errorf("rules %s of %s; got %s", edition.Made.Rules, edition.Digest, got)
	}
}

func TestWithoutTheCatalogueTheMessageComesBack(t *testing.T) {
	w, s := newWorld(t), &shelf{down: true}
	w.Catalogue = follow(t, s)
	w.submit(t)
	if failed := w.handle(t, submitted(t, at)); failed != "a" {
		t.Errorf("failed %q: who is matched with the pack in the program may miss what is published", failed)
	}
	if application := w.read(t); application.State != store.Received || !strings.Contains(w.log.String(), "tried again") {
		t.Errorf("%s\n%s", application.State, w.log)
	}
	s.down = false
	s.put(t, spain(t), "")
	if failed := w.handle(t, submitted(t, at)); failed != "" || w.read(t).State != store.Matched {
		t.Errorf("failed %q\n%s", failed, w.log)
	}
}
