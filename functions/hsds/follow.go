package hsds

import (
	"context"
	"log/slog"
	"time"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/catalogue/opendata"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/snapshot"
)

// Published is the catalogue that a country publishes, and its pack until it does.
type Published struct {
	follower *published.Follower[*catalogue.Directory]
}

// Follow follows what is published.
func Follow(bucket published.Bucket, pack *country.Pack, maxAge time.Duration, now func() time.Time, log *slog.Logger) *Published {
	return &Published{&published.Follower[*catalogue.Directory]{
		Bucket: bucket, Country: pack.Code, MaxAge: maxAge, Now: now, Log: log,
		Starter: func() (*catalogue.Directory, error) { return opendata.OfPack(pack), nil },
		Make:    ofRelease,
	}}
}

// Directory gives the catalogue as it is now.
func (p *Published) Directory(ctx context.Context) (*catalogue.Directory, error) {
	edition, err := p.follower.Current(ctx)
	return edition.Made, err
}

// ofRelease opens the directory of a release.
func ofRelease(_ context.Context, release published.Release, read published.Reader) (*catalogue.Directory, error) {
	names := []string{snapshot.Documents, opendata.Section}
	if _, err := release.Section(opendata.Section); err != nil {
		names = names[:1] // published by a program that knew no such section
	}
	sections, err := read(names...)
	if err != nil {
		return nil, err
	}
	settings, err := read(snapshot.Settings) // by itself: the index, which nobody needs here, lies between
	if err != nil {
		return nil, err
	}
	return opendata.Open(release.Country, release.Catalogue, settings[snapshot.Settings], sections[snapshot.Documents], sections[opendata.Section])
}
