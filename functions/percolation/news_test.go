package percolation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/functions/percolation"
	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/snapshot"
	"github.com/miict/immerse/shared/telemetry"
)

// objects is a bucket in memory.
type objects map[string][]byte

func (o objects) Get(_ context.Context, key, _ string, _ int64) (bucket.Object, error) {
	if body, ok := o[key]; ok {
		return bucket.Object{Body: body, ETag: "any"}, nil
	}
	return bucket.Object{}, bucket.ErrAbsent
}

func (o objects) Range(_ context.Context, key string, offset, length int64) ([]byte, error) {
	return bytes.Clone(o[key][offset : offset+length]), nil
}

// A catalogue that was published a second after the function's last look is looked for when its message comes: the
// message need not come back, which would take minutes and count towards the dead-letter queue.
func TestACatalogueOfASecondAgoIsKnownWhenItsMessageComes(t *testing.T) {
	w := newWorld(t)
	w.apply(t, ada, 1990, "language")
	w.notify(t, ada)
	pack, err := country.Load("es")
	must(t, err)
	shelf := objects{}
	follower := percolation.Follow(shelf, pack, published.MaxAge, func() time.Time { return w.now }, telemetry.Logger(&bytes.Buffer{}, "percolation", "ES"))
	w.Catalogue = follower
	_, err = follower.Current(t.Context()) // the last look: there is the pack
	must(t, err)

	contents := snapshot.OfPack(pack, w.now)
	contents.Version = "new"
	contents.Services = append(contents.Services[:len(contents.Services):len(contents.Services)], service("course", "language"))
	file, err := snapshot.Compile(contents, snapshot.CompileIndex)
	must(t, err)
	opened, err := snapshot.Open(file)
	must(t, err)
	manifest, err := opened.Verify()
	must(t, err)
	release := published.Release{Manifest: manifest, PublishedAt: w.now}
	shelf[release.Key()] = file
	shelf[published.PointerKey], err = json.Marshal(published.Pointer{Current: release})
	must(t, err)

	w.now = w.now.Add(time.Second)
	w.catalogue.release.Source.Version = "new"
	if !w.handle(t, w.changed(t, "course")) {
		t.Fatalf("the message came back\n%s", w.log)
	}
	if diff := cmp.Diff(map[string]int{ada: 1}, w.told()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}
