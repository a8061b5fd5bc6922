package published_test

import (
	"testing"
	"time"
)

func TestAReleaseThatOneHasHeardOfIsUsedAtOnce(t *testing.T) {
	w := newWorld(t)
	one, two := w.release(t, "one"), w.release(t, "two")
	w.point(t, one)
	w.wants(t, "one", false)
	w.now = w.now.Add(time.Second)
	looks := w.shelf.looks
	if edition, err := w.UpTo(t.Context(), "one"); err != nil || edition.Made != "one" || w.shelf.looks != looks {
		t.Errorf("the one in use: %+v, %v, %d looks", edition, err, w.shelf.looks-looks)
	}
	w.point(t, two, one)
	if edition, err := w.Current(t.Context()); err != nil || edition.Made != "one" {
		t.Fatalf("who has heard of nothing looks too often: %+v, %v", edition, err)
	}
	if edition, err := w.UpTo(t.Context(), "two"); err != nil || edition.Made != "two" {
		t.Errorf("a second after the last look: %+v, %v", edition, err)
	}
	if edition, err := w.UpTo(t.Context(), "one"); err != nil || edition.Made != "two" {
		t.Errorf("a former one is not the newest: %+v, %v", edition, err)
	}
}
