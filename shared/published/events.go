package published

import (
	"context"
	"fmt"

	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/snapshot"
)

// Current are the facts of the release that is current, or of the pack until there is one.
type Current interface {
	Facts
	// Events are all services that people take part in, over or not, in the order of their ids. They must not be changed.
	Events() []hsds.Service
}

// Current gives what people are offered now. The error means that the bucket can't be reached.
func (l *Library) Current(ctx context.Context) (Current, error) {
	edition, err := l.follower.Current(ctx)
	if err != nil {
		return nil, fmt.Errorf("the facts of the current release: %w", err)
	}
	return edition.Made, nil
}

func (d *directoryFacts) Events() []hsds.Service { return d.events }

func (p packFacts) Events() []hsds.Service { return snapshot.EventsOf(p.Services) }
