package hsds

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/miict/immerse/shared/catalogue"
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
		Starter: func() (*catalogue.Directory, error) { return OfPack(pack), nil },
		Make:    ofRelease,
	}}
}

// Directory gives the catalogue as it is now.
func (p *Published) Directory(ctx context.Context) (*catalogue.Directory, error) {
	edition, err := p.follower.Current(ctx)
	return edition.Made, err
}

// OfPack is the directory of the pack that is in the program.
func OfPack(pack *country.Pack) *catalogue.Directory {
	return catalogue.NewDirectory(pack.Version, pack.Records(), Words(pack.Code, pack.Areas))
}

// ofRelease makes the directory of a release.
func ofRelease(_ context.Context, release published.Release, read published.Reader) (*catalogue.Directory, error) {
	sections, err := read(snapshot.Settings, snapshot.Documents)
	if err != nil {
		return nil, err
	}
	configuration, err := snapshot.ConfigurationOf(sections[snapshot.Settings])
	if err != nil {
		return nil, err
	}
	documents, err := snapshot.OpenDocuments(sections[snapshot.Documents])
	if err != nil {
		return nil, err
	}
	records := make([]catalogue.Record, 0, documents.Len())
	for document, err := range documents.Documents() {
		if err != nil {
			return nil, err
		}
		r := catalogue.NewRecord(document.ID, document.JSON)
		if r.Err != nil {
			return nil, fmt.Errorf("the %s %q: %w", document.Kind, document.ID, r.Err)
		}
		r.Kind = catalogue.Kind(document.Kind)
		records = append(records, r)
	}
	words := Words(release.Country, country.NewAreas(configuration.Areas))
	return catalogue.NewDirectory(release.Catalogue, records, words), nil
}
