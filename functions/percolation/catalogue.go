package percolation

import (
	"context"
	"log/slog"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/snapshot"
)

// A Release is a catalogue with all its services, as they were written: new ones are looked up in it.
type Release struct {
	Source  match.Source
	PerNeed int    // the most matches that are told for each need
	Rules   string // what a result depends on besides catalogue, person and time (match.RulesOf)
}

// Catalogue gives the release that is current, and has looked for it just now unless it is of the version that is named.
// The error means that it can't be known: the message must come back.
type Catalogue interface {
	UpTo(ctx context.Context, catalogue string) (published.Edition[Release], error)
}

// Follow gives the catalogue that a country publishes, and its pack until it does.
func Follow(bucket published.Bucket, pack *country.Pack, maxAge time.Duration, now func() time.Time, log *slog.Logger) *published.Follower[Release] {
	return &published.Follower[Release]{
		Bucket: bucket, Country: pack.Code, Make: makeRelease, MaxAge: maxAge, Now: now, Log: log,
		Starter: func() (Release, error) { return releaseOf(snapshot.OfPack(pack, time.Time{})) },
	}
}

func makeRelease(_ context.Context, release published.Release, read published.Reader) (Release, error) {
	sections, err := read(snapshot.Settings, snapshot.Documents)
	if err != nil {
		return Release{}, err
	}
	contents, err := snapshot.ContentsOf(release.Manifest, sections[snapshot.Settings], sections[snapshot.Documents])
	if err != nil {
		return Release{}, err
	}
	return releaseOf(contents)
}

func releaseOf(contents snapshot.Contents) (Release, error) {
	source, err := contents.Source()
	return Release{source, contents.Configuration.MatchesPerNeed, match.RulesOf(source)}, err
}
