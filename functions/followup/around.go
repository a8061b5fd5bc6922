package followup

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/snapshot"
)

// Around follows what the published catalogue says of the groups that figures are counted by: who the authorities are, where and with what
// they help.
func Around(b published.Bucket, pack *country.Pack, maxAge time.Duration, now func() time.Time, log *slog.Logger) func(context.Context) (figures.Around, error) {
	follower := &published.Follower[figures.Around]{
		Bucket: b, Country: pack.Code, MaxAge: maxAge, Now: now, Log: log,
		Starter: func() (figures.Around, error) { return OfPack(pack), nil },
		Make: func(_ context.Context, _ published.Release, read published.Reader) (figures.Around, error) {
			sections, err := read(snapshot.Documents)
			if err != nil {
				return figures.Around{}, err
			}
			directory, err := snapshot.OpenDocuments(sections[snapshot.Documents])
			if err != nil {
				return figures.Around{}, err
			}
			return ofDirectory(directory, pack), nil
		},
	}
	return func(ctx context.Context) (figures.Around, error) {
		current, err := follower.Current(ctx)
		return current.Made, err
	}
}

// OfPack says the same of the pack in the program.
func OfPack(pack *country.Pack) figures.Around {
	around := empty(pack)
	for i := range pack.Services {
		add(around, pack, &pack.Services[i], pack.Organization)
	}
	return around
}

func ofDirectory(directory *snapshot.Directory, pack *country.Pack) figures.Around {
	around := empty(pack)
	for id := range directory.All(snapshot.KindService) {
		if service, ok := directory.Service(id); ok {
			add(around, pack, service, directory.Organization)
		}
	}
	return around
}

// empty has no authorities yet: the country, and the areas of the level below it.
func empty(pack *country.Pack) figures.Around {
	around := figures.Around{Country: pack.Code, Authorities: map[string]figures.Authority{}, Needs: codes.Needs, Regions: []string{pack.Code}}
	for _, area := range pack.Areas.All() {
		if area.Parent == pack.Code {
			around.Regions = append(around.Regions, area.Code)
		}
	}
	return around
}

// add adds a service to what its authority does. One that helps in several regions is one of the whole country.
func add(around figures.Around, pack *country.Pack, service *hsds.Service, organization func(string) (*hsds.Organization, bool)) {
	if service.Immerse == nil || service.Immerse.Authority == "" {
		return
	}
	needs := service.Immerse.Needs
	if service.Chosen() {
		if !service.Event().Registration {
			return // nobody is referred to it
		}
		needs = []string{codes.Participation}
	}
	id := service.Immerse.Authority
	authority := around.Authorities[id]
	if named, ok := organization(id); ok {
		authority.Name = named.Name
	}
	for _, code := range service.Immerse.Areas {
		region := pack.Code
		if line := pack.Areas.Ancestors(code); len(line) > 1 {
			region = line[len(line)-2]
		}
		if authority.Region != "" && authority.Region != region {
			region = pack.Code
		}
		authority.Region = region
	}
	if authority.Region == "" {
		authority.Region = pack.Code
	}
	for _, need := range needs {
		if !slices.Contains(authority.Needs, need) {
			authority.Needs = append(authority.Needs, need)
		}
	}
	around.Authorities[id] = authority
}
