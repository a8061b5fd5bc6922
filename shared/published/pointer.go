package published

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/miict/immerse/shared/snapshot"
)

// Prefix begins all keys.
const Prefix = "catalogue/"

// PointerKey is the object that says which snapshot is current. It is the only one that ever changes.
const PointerKey = Prefix + "current.json"

// MostPointer is the most that the pointer may have, in bytes.
const MostPointer = 256 << 10

// Kept is how many former releases a pointer remembers: what may be gone back to, and what a match of the last weeks
// was made with.
const Kept = 50

// A Pointer is the contents of PointerKey.
type Pointer struct {
	Current Release `json:"current"`
	// Before are the former ones, the latest first, at most Kept.
	Before []Release `json:"before,omitempty"`
}

// A Release is a snapshot that is, or was, current.
type Release struct {
	snapshot.Manifest
	PublishedAt time.Time `json:"published_at"`
	// FromPack: it is the pack of a deployment, and gives way to the next one's.
	FromPack bool `json:"from_pack,omitempty"`
}

// Key is where a release's file lies: under its digest, so that it never changes.
func (r Release) Key() string { return Prefix + r.Digest + ".snapshot" }

var hexDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// ParsePointer reads a pointer. What its releases say is checked when one is used.
func ParsePointer(data []byte) (Pointer, error) {
	var p Pointer
	if err := json.Unmarshal(data, &p); err != nil {
		return Pointer{}, fmt.Errorf("the pointer is not read: %w", err)
	}
	for _, release := range p.All() {
		if !hexDigest.MatchString(release.Digest) {
			return Pointer{}, errors.New("the pointer names a release without a digest")
		}
	}
	return p, nil
}

// All are the current release and those before it.
func (p Pointer) All() []Release { return append([]Release{p.Current}, p.Before...) }

// Find gives a release by its digest.
func (p Pointer) Find(digest string) (Release, bool) {
	for _, release := range p.All() {
		if release.Digest == digest {
			return release, true
		}
	}
	return Release{}, false
}

// Next is the pointer once a release has become current: it stands once, in front.
func (p Pointer) Next(current Release) Pointer {
	next := Pointer{Current: current}
	for _, release := range p.All() {
		if release.Digest != "" && release.Digest != current.Digest && len(next.Before) < Kept {
			next.Before = append(next.Before, release)
		}
	}
	return next
}
