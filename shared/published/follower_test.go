package published_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/snapshot"
	"github.com/miict/immerse/shared/telemetry"
)

var at = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// shelf is a bucket in memory; the real one is held to an S3 in infra/local/s3.
type shelf struct {
	objects map[string][]byte
	down    error
	looks   int // for the pointer
	loads   int // of parts of snapshots
}

func (s *shelf) Get(_ context.Context, key, etag string, _ int64) (bucket.Object, error) {
	s.looks++
	body, ok := s.objects[key]
	now := fmt.Sprintf("%x", len(body)) + string(body)
	switch {
	case s.down != nil:
		return bucket.Object{}, s.down
	case !ok:
		return bucket.Object{}, bucket.ErrAbsent
	case etag == now:
		return bucket.Object{}, bucket.ErrUnchanged
	}
	return bucket.Object{Body: body, ETag: now}, nil
}

func (s *shelf) Range(_ context.Context, key string, offset, length int64) ([]byte, error) {
	s.loads++
	body, ok := s.objects[key]
	switch {
	case s.down != nil:
		return nil, s.down
	case !ok:
		return nil, bucket.ErrAbsent
	case offset+length > int64(len(body)):
		return nil, errors.New("cut off")
	}
	return bytes.Clone(body[offset : offset+length]), nil
}

// world is a follower of a shelf that makes of a release the name of its one service.
type world struct {
	*published.Follower[string]
	shelf *shelf
	now   time.Time
	log   *bytes.Buffer
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{shelf: &shelf{objects: map[string][]byte{}}, now: at, log: &bytes.Buffer{}}
	w.Follower = w.start()
	return w
}

// start is the function after a cold start.
func (w *world) start() *published.Follower[string] {
	return &published.Follower[string]{
		Bucket: w.shelf, Country: "XX", MaxAge: published.MaxAge, Now: func() time.Time { return w.now },
		Starter: func() (string, error) { return "pack", nil },
		Make: func(_ context.Context, _ published.Release, read published.Reader) (string, error) {
			sections, err := read(snapshot.Index, snapshot.Documents)
			if err != nil {
				return "", err
			}
			documents, err := snapshot.OpenDocuments(sections[snapshot.Documents])
			if err != nil {
				return "", err
			}
			service, ok := documents.Service("s")
			if !ok || service.Name == "unusable" {
				return "", errors.New("nothing can be made of it")
			}
			return service.Name, nil
		},
		Log: telemetry.Logger(w.log, "matching", "XX"),
	}
}

// release compiles a catalogue with one service of a name and puts it on the shelf.
func (w *world) release(t *testing.T, name string) published.Release {
	t.Helper()
	file, err := snapshot.Compile(snapshot.Contents{
		Country: "XX", Version: name, Created: at,
		Configuration: snapshot.Configuration{TimeZone: "UTC", Areas: []country.Area{{Code: "XX", Name: "All"}}},
		Services:      []hsds.Service{{ID: "s", Name: name, Status: "active"}},
	}, func(match.Source) ([]byte, error) { return []byte("index of " + name), nil })
	must(t, err)
	opened, err := snapshot.Open(file)
	must(t, err)
	manifest, err := opened.Verify()
	must(t, err)
	made := published.Release{Manifest: manifest, PublishedAt: at}
	w.shelf.objects[made.Key()] = file
	return made
}

func (w *world) point(t *testing.T, current published.Release, before ...published.Release) {
	t.Helper()
	text, err := json.Marshal(published.Pointer{Current: current, Before: before})
	must(t, err)
	w.shelf.objects[published.PointerKey] = text
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants lets MaxAge pass and looks what is in use, and whether the operator was told of trouble.
func (w *world) wants(t *testing.T, name string, trouble bool) {
	t.Helper()
	w.now = w.now.Add(published.MaxAge)
	w.log.Reset()
	edition, err := w.Current(t.Context())
	must(t, err)
	if edition.Made != name {
		t.Errorf("%q is in use, want %q\n%s", edition.Made, name, w.log)
	}
	if told := strings.Contains(w.log.String(), `"CatalogueTrouble":1`); told != trouble {
		t.Errorf("told of trouble: %t, want %t\n%s", told, trouble, w.log)
	}
}

func TestBeforeAnythingIsPublishedThereIsThePack(t *testing.T) {
	w := newWorld(t)
	w.wants(t, "pack", true)
	w.point(t, w.release(t, "one"))
	w.wants(t, "one", false)
}

func TestANewReleaseIsUsedWithinAMinute(t *testing.T) {
	w := newWorld(t)
	one, two := w.release(t, "one"), w.release(t, "two")
	w.point(t, one)
	w.wants(t, "one", false)
	looks, loads := w.shelf.looks, w.shelf.loads
	for range 40 {
		w.now = w.now.Add(time.Second)
		if edition, err := w.Current(t.Context()); err != nil || edition.Made != "one" || edition.Digest != one.Digest {
			t.Fatalf("%+v, %v", edition, err)
		}
	}
	w.wants(t, "one", false)
	if w.shelf.looks != looks+1 || w.shelf.loads != loads {
		t.Errorf("%d looks and %d loads for what didn't change", w.shelf.looks-looks, w.shelf.loads-loads)
	}
	w.point(t, two, one)
	w.wants(t, "two", false)
	w.point(t, one, two) // back
	w.wants(t, "one", false)
	if published.MaxAge > time.Minute {
		t.Error("a minute is promised")
	}
}

// bad are the ways in which a release can be bad. Each changes the shelf and gives what the pointer then says.
var bad = map[string]func(*testing.T, *world) published.Release{
	"damaged": func(t *testing.T, w *world) published.Release {
		r := w.release(t, "two")
		section, err := r.Section(snapshot.Documents)
		must(t, err)
		w.shelf.objects[r.Key()][section.Offset+section.Length/2] ^= 1
		return r
	},
	"not there": func(t *testing.T, w *world) published.Release {
		r := w.release(t, "two")
		delete(w.shelf.objects, r.Key())
		return r
	},
	"another country's": func(t *testing.T, w *world) published.Release {
		r := w.release(t, "two")
		r.Country = "YY"
		return r
	},
	"another format": func(t *testing.T, w *world) published.Release {
		r := w.release(t, "two")
		r.Format++
		return r
	},
	"without a section": func(t *testing.T, w *world) published.Release {
		r := w.release(t, "two")
		r.Sections = r.Sections[:1]
		return r
	},
	"sections outside the file": func(t *testing.T, w *world) published.Release {
		r := w.release(t, "two")
		r.Sections[1].Offset = 1 << 62
		return r
	},
	"unusable": func(t *testing.T, w *world) published.Release { return w.release(t, "unusable") },
}

func TestABadReleaseNeverReplacesAGoodOne(t *testing.T) {
	for how, spoil := range bad {
		t.Run(how, func(t *testing.T) {
			w := newWorld(t)
			one := w.release(t, "one")
			w.point(t, one)
			w.wants(t, "one", false)
			w.point(t, spoil(t, w), one)
			w.wants(t, "one", true)
			w.wants(t, "one", true) // as long as it lasts
			w.Follower = w.start()
			w.wants(t, "one", true) // a function that has just started takes the former one
			w.wants(t, "one", true)
			w.point(t, w.release(t, "three"), one)
			w.wants(t, "three", false)
		})
	}
}

func TestAPointerThatIsNotReadChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.point(t, w.release(t, "one"))
	w.wants(t, "one", false)
	good := w.shelf.objects[published.PointerKey]
	for _, rubbish := range []string{"", "{}", "rubbish", `{"current":{"digest":"../../x"}}`} {
		w.shelf.objects[published.PointerKey] = []byte(rubbish)
		w.wants(t, "one", true)
		w.wants(t, "one", true)
	}
	for range 2 {
		w.shelf.objects[published.PointerKey] = good
		w.wants(t, "one", false)
		delete(w.shelf.objects, published.PointerKey)
		w.wants(t, "one", true)
	}
}

func TestWhatCantBeReachedIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.point(t, w.release(t, "one"))
	w.shelf.down = errors.New("no answer")
	if edition, err := w.Current(t.Context()); !errors.Is(err, w.shelf.down) {
		t.Errorf("after a cold start: %+v, %v; the pack would be a guess", edition, err)
	}
	w.shelf.down = nil
	if edition, err := w.Current(t.Context()); err != nil || edition.Made != "one" {
		t.Errorf("at the next try: %+v, %v", edition, err)
	}
	w.shelf.down = errors.New("no answer")
	w.wants(t, "one", true)
	w.shelf.down = nil
	w.wants(t, "one", false)
}

func TestFormerReleasesAreFound(t *testing.T) {
	w := newWorld(t)
	one, two, three := w.release(t, "one"), w.release(t, "two"), w.release(t, "three")
	w.point(t, three, two, one)
	for digest, want := range map[string]string{one.Digest: "one", two.Digest: "two", three.Digest: "three", "": "pack"} {
		if edition, err := w.Find(t.Context(), digest); err != nil || edition.Made != want || edition.Digest != digest {
			t.Errorf("%q: %+v, %v", digest, edition, err)
		}
	}
	if edition, err := w.Find(t.Context(), strings.Repeat("0", 64)); !errors.Is(err, published.ErrGone) {
		t.Errorf("a release that never was: %+v, %v", edition, err)
	}
	loads := w.shelf.loads
	for range 3 {
		for _, digest := range []string{one.Digest, three.Digest} {
			_, err := w.Find(t.Context(), digest)
			must(t, err)
		}
	}
	if w.shelf.loads > loads+1 {
		t.Errorf("the same former release was loaded %d times", w.shelf.loads-loads)
	}
	w.shelf.down = errors.New("no answer")
	if _, err := w.Find(t.Context(), two.Digest); !errors.Is(err, w.shelf.down) || errors.Is(err, published.ErrGone) {
		t.Errorf("a release that can't be reached: %v", err)
	}
	w.shelf.down = nil
	delete(w.shelf.objects, two.Key())
	if _, err := w.Find(t.Context(), two.Digest); !errors.Is(err, published.ErrGone) {
		t.Errorf("a release whose file is gone: %v", err)
	}
	w.wants(t, "three", false)
}

func TestThePointerKeepsWhatMayBeGoneBackTo(t *testing.T) {
	w := newWorld(t)
	var p published.Pointer
	var all []published.Release
	for i := range published.Kept + 5 {
		r := published.Release{Manifest: snapshot.Manifest{Digest: fmt.Sprintf("%064d", i)}}
		all = append(all, r)
		p = p.Next(r)
	}
	if len(p.Before) != published.Kept || p.Current.Digest != all[len(all)-1].Digest || p.Before[0].Digest != all[len(all)-2].Digest {
		t.Errorf("%d kept, current %s", len(p.Before), p.Current.Digest)
	}
	back := p.Next(p.Before[3])
	if back.Current.Digest != p.Before[3].Digest || len(back.Before) != published.Kept || back.Before[0].Digest != p.Current.Digest {
		t.Error("going back loses a release")
	}
	text, err := json.Marshal(back)
	must(t, err)
	if read, err := published.ParsePointer(text); err != nil || len(read.All()) != published.Kept+1 {
		t.Errorf("%v", err)
	}
	p = published.Pointer{Current: w.release(t, "real")}
	for range published.Kept {
		p.Before = append(p.Before, p.Current)
	}
	if text, err := json.Marshal(p); err != nil || len(text) > published.MostPointer/2 {
		t.Errorf("a full pointer has %d bytes, %v", len(text), err)
	}
}

// Whoever matched may have looked a moment after we did: what they matched with is had at once, and not only when our own
// next look is due.
func TestAReleaseThatIsNewerThanOurLookIsHadAtOnce(t *testing.T) {
	w := newWorld(t)
	one, two := w.release(t, "one"), w.release(t, "two")
	w.point(t, one)
	w.wants(t, "one", false)
	w.point(t, two, one)
	w.now = w.now.Add(time.Second)
	if edition, err := w.Find(t.Context(), two.Digest); err != nil || edition.Made != "two" {
		t.Errorf("%+v, %v", edition, err)
	}
	w.shelf.down = errors.New("no answer")
	if _, err := w.Find(t.Context(), strings.Repeat("1", 64)); !errors.Is(err, w.shelf.down) || errors.Is(err, published.ErrGone) {
		t.Errorf("while nobody can say whether there is one: %v", err)
	}
}

func TestFactsSayWhenTheyStandInForOthers(t *testing.T) {
	w := newWorld(t)
	one, two := w.release(t, "one"), w.release(t, "two")
	w.point(t, one)
	library := published.NewLibrary(w.shelf, &country.Pack{Settings: country.Settings{Code: "XX"}}, published.MaxAge, func() time.Time { return w.now }, telemetry.Logger(w.log, "notification", "XX"))
	facts := func(digest, name string, instead bool) {
		t.Helper()
		got, err := library.Facts(t.Context(), digest)
		must(t, err)
		if service, ok := got.Service("s"); !ok || service.Name != name || got.Instead() != instead {
			t.Errorf("%+v, %v", service, got.Instead())
		}
	}
	facts(one.Digest, "one", false)
	facts(two.Digest, "one", true)
	w.point(t, two, one)
	facts(two.Digest, "two", false)
	facts(one.Digest, "one", false)
}
