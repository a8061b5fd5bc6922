package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/oklog/ulid/v2"
	"github.com/spf13/cobra"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/infra/publish"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/snapshot"
)

const aboutAnnounce = `Announce has those looked for who were told "nothing yet", or that there is no place, and for whom
these services are: they and the organizations are written to. "publish" and "rollback" do it by
themselves with what is new. Again does no harm: nobody is told twice.

Without services it announces what is new in the current catalogue against the one before it.`

func newAnnounce(o *options) *cobra.Command {
	var services []string
	command := &cobra.Command{
		Use: "announce", Short: "Have those looked for who wait for new services or places", Long: aboutAnnounce, Args: noArguments,
		Example: "  immersectl catalogue announce --country es\n  immersectl catalogue announce --country es --service 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
		RunE: func(c *cobra.Command, _ []string) error {
			cloud, shelf, err := o.shelf(c.Context())
			if err != nil {
				return err
			}
			pointer, _, err := shelf.Pointer(c.Context())
			if err != nil {
				return cloud.reached(err)
			}
			if err := o.inCatalogue(c.Context(), cloud, shelf, pointer, services); err != nil {
				return err
			}
			version, told, err := o.announce(c.Context(), cloud, shelf, pointer, services)
			if err != nil {
				return err
			}
			if o.json {
				return printJSON(o.out, announced{version, append([]string{}, told...)})
			}
			_, err = fmt.Fprintln(o.out, announcement(told))
			return written(err)
		},
	}
	command.Flags().StringArrayVar(&services, "service", nil, "id of a service; may be given again")
	return command
}

// inCatalogue refuses services that the current catalogue doesn't have: nobody can wait for them.
func (o *options) inCatalogue(ctx context.Context, cloud *cloud, shelf publish.Shelf, pointer published.Pointer, services []string) error {
	if len(services) == 0 {
		return nil
	}
	current, err := readCurrent(ctx, cloud, shelf, pointer)
	if err != nil {
		return cloud.reached(err)
	}
	var unknown []string
	for _, id := range services {
		_, ok, err := current.service(id)
		if err != nil {
			return err
		}
		if !ok {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) > 0 {
		return badInput("not in the current catalogue: %q", unknown)
	}
	return nil
}

// announced is what announce --json prints.
type announced struct {
	Catalogue string   `json:"catalogue"`
	Services  []string `json:"services"`
}

func announcement(services []string) string {
	return fmt.Sprintf("%d services announced: those who wait for one of them are looked for", len(services))
}

// announceNews is what follows publishing.
func (o *options) announceNews(ctx context.Context, cloud *cloud, shelf publish.Shelf) error {
	pointer, _, err := shelf.Pointer(ctx)
	var told []string
	if err == nil {
		_, told, err = o.announce(ctx, cloud, shelf, pointer, nil)
	}
	if err != nil {
		return fmt.Errorf("it is published, but nobody is looked for yet; run: immersectl catalogue announce --country %s: %w", o.country, err)
	}
	fmt.Fprintln(o.err, announcement(told))
	return nil
}

// announce tells percolation of services; of what is new in the current catalogue, if none are given. It gives those told.
func (o *options) announce(ctx context.Context, cloud *cloud, shelf publish.Shelf, pointer published.Pointer, services []string) (version string, told []string, err error) {
	version = pointer.Current.Catalogue
	if version == "" {
		version = cloud.pack.Version // nothing is published: functions use the pack
	}
	if len(services) == 0 {
		if services, err = news(ctx, shelf, pointer, cloud.pack.Services); err != nil {
			return version, nil, cloud.reached(err)
		}
	}
	made, err := events.CatalogueChanges(cloud.pack.Code, version, services, events.Origin{
		Source: events.Source(cloud.pack.Code, "operator"), Time: o.now().UTC(),
	}, func() string { return ulid.Make().String() })
	if err != nil {
		return version, nil, err
	}
	to, err := o.queueOf(ctx, cloud, "percolation")
	if err != nil {
		return version, nil, err
	}
	for _, event := range made {
		if err := to.Send(ctx, event); err != nil {
			return version, nil, fmt.Errorf("%w\nSome may be announced: run the same again", cloud.reached(err))
		}
	}
	return version, services, nil
}

// queueOf is the queue of a function.
func (o *options) queueOf(ctx context.Context, cloud *cloud, function string) (*queue.Queue, error) {
	list, err := cloud.queues().List(ctx)
	if err != nil {
		return nil, cloud.reached(err)
	}
	for _, q := range list {
		if strings.HasSuffix(q.Name, function) {
			return &queue.Queue{Client: sqs.NewFromConfig(cloud.config), URL: q.URL}, nil
		}
	}
	return nil, fmt.Errorf("there is no %s queue: is this release deployed in %s?", function, cloud.pack.Code)
}

// news compares the current catalogue with the one before it; the first one with the pack, which was used until then.
func news(ctx context.Context, shelf publish.Shelf, pointer published.Pointer, pack []hsds.Service) ([]string, error) {
	lists := [2][]hsds.Service{nil, pack}
	for i, release := range pointer.All()[:min(2, len(pointer.All()))] {
		if release.Digest == "" {
			continue
		}
		lists[i] = nil
		file, err := shelf.File(ctx, release)
		if err != nil {
			return nil, err
		}
		opened, err := snapshot.Open(file)
		if err != nil {
			return nil, err
		}
		documents, err := opened.Documents()
		if err != nil {
			return nil, err
		}
		for id := range documents.All(snapshot.KindService) {
			if service, ok := documents.Service(id); ok {
				lists[i] = append(lists[i], *service)
			}
		}
	}
	return publish.News(lists[1], lists[0]), nil
}
