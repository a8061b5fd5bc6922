package matching

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/snapshot"
)

// A Matcher finds services in one release of the catalogue.
type Matcher struct {
	match.Engine
	PerNeed int    // the most matches to record for each need
	Rules   string // what a result depends on besides catalogue, person and time (match.RulesOf)
	// Source gives the rules of registrations for Events; its services are not looked at.
	Source match.Source
	Events []hsds.Service
}

// Find gives as many matches of each need as are recorded, the best first. An engine that need not look at all of them
// doesn't. Who registers for an event is matched with that alone.
func (m Matcher) Find(p eligibility.Profile, at time.Time) match.Result {
	if p.Event != "" {
		return m.register(p, at)
	}
	if best, ok := m.Engine.(interface {
		Top(p eligibility.Profile, at time.Time, perNeed int) match.Result
	}); ok {
		return best.Top(p, at, m.PerNeed)
	}
	return match.Limit(m.Match(p, at), m.PerNeed)
}

// register matches a registration. An event that this release doesn't know may be in the next: percolation looks again when
// that is published.
func (m Matcher) register(p eligibility.Profile, at time.Time) match.Result {
	event := new(hsds.Service)
	if i := m.event(p.Event); i >= 0 {
		event = &m.Events[i]
	}
	return match.Registration(m.Source, event, p, at)
}

func (m Matcher) event(id string) int {
	return slices.IndexFunc(m.Events, func(s hsds.Service) bool { return s.ID == id })
}

// hearing is how much later than intake this function may hear of a release, and more.
const hearing = 2 * time.Minute

// errNotHeard is for an event that intake knows and this function doesn't yet: the message comes back.
var errNotHeard = errors.New("the event is not in the catalogue that is known here")

// Catalogue gives the release to match with now. The error means that it can't be known: the message must come back.
type Catalogue interface {
	Current(ctx context.Context) (published.Edition[Matcher], error)
}

// Follow gives the catalogue that a country publishes, and its pack until it does.
func Follow(bucket published.Bucket, pack *country.Pack, maxAge time.Duration, now func() time.Time, log *slog.Logger) *published.Follower[Matcher] {
	return &published.Follower[Matcher]{
		Bucket: bucket, Country: pack.Code, Make: makeMatcher, MaxAge: maxAge, Now: now, Log: log,
		Starter: func() (Matcher, error) { return fromPack(pack) },
	}
}

// fromPack makes the matcher that there is before anything is published.
func fromPack(pack *country.Pack) (Matcher, error) {
	source, err := snapshot.OfPack(pack, time.Time{}).Source()
	if err != nil {
		return Matcher{}, err
	}
	catalogue, err := match.New(source)
	if err != nil {
		return Matcher{}, err
	}
	return Matcher{match.NewLinear(catalogue), pack.MatchesPerNeed, match.RulesOf(source), source, snapshot.EventsOf(source.Services)}, nil
}

// makeMatcher opens a release's index. One that was compiled under other rules than this program's is compiled anew from
// its documents: that takes longer, and is as good.
func makeMatcher(_ context.Context, release published.Release, read published.Reader) (Matcher, error) {
	sections, err := read(snapshot.Settings, snapshot.Index)
	if err != nil {
		return Matcher{}, err
	}
	configuration, err := snapshot.ConfigurationOf(sections[snapshot.Settings])
	if err != nil {
		return Matcher{}, err
	}
	source, err := snapshot.Contents{Version: release.Catalogue, Configuration: configuration}.Source()
	if err != nil {
		return Matcher{}, err
	}
	index, rules := sections[snapshot.Index], match.RulesOf(source)
	if release.Rules != rules {
		if index, err = anew(release, sections[snapshot.Settings], read); err != nil {
			return Matcher{}, err
		}
	}
	engine, err := snapshot.OpenIndex(index)
	if err != nil {
		return Matcher{}, err
	}
	events, err := snapshot.EventsIn(release.Manifest, read)
	return Matcher{engine, configuration.MatchesPerNeed, rules, source, events}, err
}

// anew makes the index of a release that was compiled under other rules.
func anew(release published.Release, settings []byte, read published.Reader) ([]byte, error) {
	sections, err := read(snapshot.Documents)
	if err != nil {
		return nil, err
	}
	contents, err := snapshot.ContentsOf(release.Manifest, settings, sections[snapshot.Documents])
	if err != nil {
		return nil, err
	}
	source, err := contents.Source()
	if err != nil {
		return nil, err
	}
	return snapshot.CompileIndex(source)
}
