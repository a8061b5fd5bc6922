package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/spf13/cobra"

	"github.com/miict/immerse/infra/publish"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/published"
)

const aboutPlaces = `Places are those of services that count them: the ones that the catalogue gives a capacity
with a number "available". A place is held before an authority is written to; when none is left,
people are told that they wait.`

const aboutPlacesList = `List shows how many places each service that counts them has, how many are held, and where somebody
was told that there is none: in the current catalogue, or of the services named.`

const aboutPlacesSet = `Set gives a service a number of places of your own, before the catalogue's, until "clear": how many
there are in all, with those that are held. Below what is held, nobody loses a place; none is given
until enough are free. When some are free afterwards, those who wait are looked for, as "catalogue
announce" does. If it was interrupted, run it again.`

const aboutPlacesClear = `Clear takes the number that was set with "set" back: the catalogue's counts again.`

func newPlaces(o *options) *cobra.Command {
	group := &cobra.Command{Use: "places", Short: "See, set and free the places of services that have few", Long: aboutPlaces}
	group.AddCommand(newPlacesList(o), newPlacesSet(o), newPlacesClear(o))
	return group
}

func newPlacesSet(o *options) *cobra.Command {
	service := ""
	command := &cobra.Command{
		Use: "set PLACES --service ID", Short: "Say how many places a service has", Long: aboutPlacesSet,
		Args:    one("how many places? Such as: immersectl places set 20 --service ID"),
		Example: "  immersectl places set 20 --country es --service 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
		RunE: func(c *cobra.Command, arguments []string) error {
			capacity, err := strconv.Atoi(arguments[0])
			if err != nil || capacity < 0 || capacity > places.MostPlaces {
				return badInput("%q is not a number of places from 0 to %d", arguments[0], places.MostPlaces)
			}
			return o.setPlaces(c.Context(), service, func(ctx context.Context, p *places.Places, _ int) (places.Standing, error) {
				return p.SetCapacity(ctx, service, capacity)
			})
		},
	}
	command.Flags().StringVar(&service, "service", "", "id of the service (required)")
	return command
}

func newPlacesClear(o *options) *cobra.Command {
	service := ""
	command := &cobra.Command{
		Use: "clear --service ID", Short: "Let the catalogue say again how many places a service has", Long: aboutPlacesClear, Args: noArguments,
		Example: "  immersectl places clear --country es --service 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
		RunE: func(c *cobra.Command, _ []string) error {
			return o.setPlaces(c.Context(), service, func(ctx context.Context, p *places.Places, offered int) (places.Standing, error) {
				return p.ClearCapacity(ctx, service, offered)
			})
		},
	}
	command.Flags().StringVar(&service, "service", "", "id of the service (required)")
	return command
}

// setPlaces changes the places of a service, and has those looked for who wait if some are free then. Whether anybody waits
// isn't asked: telling nobody costs less than forgetting somebody. change is given what the catalogue says.
func (o *options) setPlaces(ctx context.Context, id string, change func(context.Context, *places.Places, int) (places.Standing, error)) error {
	if id == "" {
		return badInput("which service? Add --service ID; see: immersectl places list")
	}
	desk, err := o.placesDesk(ctx)
	if err != nil {
		return err
	}
	service, ok, err := desk.catalogue.service(id)
	if err != nil {
		return err
	}
	if !ok {
		return badInput("no service %q in the current catalogue; see: immersectl places list --country %s", id, o.country)
	}
	offered, counted := service.Places()
	if !counted {
		return badInput("%s counts no places in the catalogue, so nobody asks for one: publish it with \"capacities\" first", id)
	}
	after, err := change(ctx, desk.places, offered)
	if err != nil {
		return desk.cloud.reached(err)
	}
	row := placesRow{Name: service.Name, Standing: outputOf(after)}
	if after.Free > 0 {
		if _, _, err := o.announce(ctx, desk.cloud, desk.shelf, desk.pointer, []string{id}); err != nil {
			return fmt.Errorf("it is changed, but nobody is looked for yet; run the same again: %w", err)
		}
		row.Announced = true
	}
	if o.json {
		return printJSON(o.out, row)
	}
	if err := printPlaces(o.out, []placesRow{row}); err != nil {
		return err
	}
	if row.Announced {
		fmt.Fprintln(o.err, announcement([]string{id}))
	}
	return nil
}

// placesDesk is all that the commands about places work with.
type placesDesk struct {
	cloud     *cloud
	shelf     publish.Shelf
	pointer   published.Pointer
	catalogue currentCatalogue
	places    *places.Places
}

func (o *options) placesDesk(ctx context.Context) (*placesDesk, error) {
	cloud, shelf, err := o.shelf(ctx)
	if err != nil {
		return nil, err
	}
	pointer, _, err := shelf.Pointer(ctx)
	if err != nil {
		return nil, cloud.reached(err)
	}
	catalogue, err := readCurrent(ctx, cloud, shelf, pointer)
	if err != nil {
		return nil, cloud.reached(err)
	}
	return &placesDesk{cloud, shelf, pointer, catalogue, &places.Places{
		Client: dynamodb.NewFromConfig(cloud.config), Table: cloud.prefix + "places", Now: o.now,
	}}, nil
}
