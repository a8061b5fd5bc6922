package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/infra/publish"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/snapshot"
)

func newPlacesList(o *options) *cobra.Command {
	var services []string
	command := &cobra.Command{
		Use: "list", Short: "Show the places of the services that count them", Long: aboutPlacesList, Args: noArguments,
		Example: "  immersectl places list --country es\n  immersectl places list --country es --service 3f2504e0-4f89-41d3-9a0c-0305e82c3301 --json",
		RunE:    func(c *cobra.Command, _ []string) error { return o.listPlaces(c.Context(), services) },
	}
	command.Flags().StringArrayVar(&services, "service", nil, "id of a service; may be given again (default all that count places)")
	return command
}

// placesRow is a service as list, set and clear print it.
type placesRow struct {
	Name      string         `json:"name"`
	Standing  standingOutput `json:"places"`
	Announced bool           `json:"announced"` // those who wait are looked for
}

type standingOutput struct {
	Service  string `json:"service"`
	Capacity int    `json:"capacity"`
	Own      bool   `json:"own"` // the capacity was set by the operator
	Held     int    `json:"held"`
	Free     int    `json:"free"`
	Waiting  bool   `json:"waiting"` // somebody was told that there is no place
}

func outputOf(s places.Standing) standingOutput { return standingOutput(s) }

func (o *options) listPlaces(ctx context.Context, ids []string) error {
	desk, err := o.placesDesk(ctx)
	if err != nil {
		return err
	}
	services, err := desk.catalogue.counting(ids)
	if err != nil {
		return err
	}
	rows, err := desk.standings(ctx, services)
	if err != nil {
		return desk.cloud.reached(err)
	}
	if o.json {
		return printJSON(o.out, rows)
	}
	if len(rows) == 0 {
		_, err := fmt.Fprintln(o.out, "No service counts places: the catalogue gives none a capacity with a number \"available\".")
		return written(err)
	}
	return printPlaces(o.out, rows)
}

// placesAtOnce is how many services are read at the same time.
const placesAtOnce = 16

func (d *placesDesk) standings(ctx context.Context, services []hsds.Service) ([]placesRow, error) {
	rows, errs := make([]placesRow, len(services)), make([]error, len(services))
	var reading sync.WaitGroup
	turns := make(chan struct{}, placesAtOnce)
	for i := range services {
		turns <- struct{}{}
		reading.Go(func() {
			defer func() { <-turns }()
			offered, _ := services[i].Places()
			standing, err := d.places.Standing(ctx, services[i].ID, offered)
			rows[i], errs[i] = placesRow{Name: services[i].Name, Standing: outputOf(standing)}, err
		})
	}
	reading.Wait()
	return rows, cmp.Or(errs...) // one says it: they all come from the same table
}

func printPlaces(out io.Writer, rows []placesRow) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SERVICE\tPLACES\tHELD\tFREE\tSAID BY\tWAITED FOR\tNAME")
	for _, row := range rows {
		s, says, waited := row.Standing, "catalogue", "no"
		if s.Own {
			says = "operator"
		}
		if s.Waiting {
			waited = "yes"
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%s\t%s\t%s\n", s.Service, s.Capacity, s.Held, s.Free, says, waited, row.Name)
	}
	return written(table.Flush())
}

// currentCatalogue is what the functions use now: what is published, or the pack.
type currentCatalogue struct {
	documents *snapshot.Directory // nil: the pack
	pack      []hsds.Service
}

func readCurrent(ctx context.Context, cloud *cloud, shelf publish.Shelf, pointer published.Pointer) (currentCatalogue, error) {
	if pointer.Current.Digest == "" {
		return currentCatalogue{pack: cloud.pack.Services}, nil
	}
	file, err := shelf.File(ctx, pointer.Current)
	if err != nil {
		return currentCatalogue{}, err
	}
	opened, err := snapshot.Open(file)
	if err != nil {
		return currentCatalogue{}, err
	}
	documents, err := opened.Documents()
	return currentCatalogue{documents: documents}, err
}

// service finds a service.
func (c currentCatalogue) service(id string) (s hsds.Service, ok bool, err error) {
	if c.documents == nil {
		i := slices.IndexFunc(c.pack, func(s hsds.Service) bool { return s.ID == id })
		if i < 0 {
			return hsds.Service{}, false, nil
		}
		return c.pack[i], true, nil
	}
	data, err := c.documents.Document(snapshot.KindService, id)
	if errors.Is(err, snapshot.ErrNoDocument) {
		return hsds.Service{}, false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	return s, err == nil, err
}

// counting gives the services that count places, those with these ids only if there are any: one of them that is not there,
// or counts none, is bad input.
func (c currentCatalogue) counting(ids []string) (services []hsds.Service, err error) {
	asked := len(ids) > 0
	if !asked {
		ids = c.ids()
	}
	var wrong []string
	for _, id := range ids {
		s, ok, err := c.service(id)
		if err != nil {
			return nil, err
		}
		if _, counted := s.Places(); ok && counted {
			services = append(services, s)
		} else if asked {
			wrong = append(wrong, strconv.Quote(id))
		}
	}
	if len(wrong) > 0 {
		return nil, badInput("not in the current catalogue, or without a count of places: %s", wrong)
	}
	return services, nil
}

func (c currentCatalogue) ids() []string {
	if c.documents != nil {
		return slices.Collect(c.documents.All(snapshot.KindService))
	}
	var ids []string
	for _, s := range c.pack {
		ids = append(ids, s.ID)
	}
	return ids
}
