// Package places counts the places of services that have few: who holds one, until when, and whether one is left.
//
// A service is one item of one table, and every change is one conditional write of it:
//
//	places   service (partition)
//	           version    new with each write; a write holds only on the version that was read
//	           held       a map from holder to until when, and whether the authority has accepted
//	           capacity   the operator's own number, if there is one; else the catalogue's counts
//	           waiting    somebody was told that there is no place
//	           expires    when the last hold is over, unless the operator or somebody who waits needs the item longer
//
// So there is nothing between two writes to die in, no transaction to pay double for and no counter that could disagree
// with what it counts: the free places are the capacity less the holds that are not over. The rules are plain code on a
// value (ledger.go); this file reads, applies them and writes. Whoever loses a race reads again.
//
// A holder is a digest of service and reference: the table by itself doesn't say who was sent where.
//
// Limits: a service's changes follow one another, some hundred a second at the most, and a change costs a write unit for
// each 20 holds. MostPlaces keeps the item far below DynamoDB's 400 KB.
package places

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Errors of this package; each is wrapped with what was being done.
var (
	// ErrFull is for a place that can't be had: none is left.
	ErrFull = errors.New("no place is left")
	// ErrBusy is for a service that so many change at once that this one never came through. Nothing was changed.
	ErrBusy = errors.New("too many change the places at once")
	// ErrCapacity is for a number of places that can't be.
	ErrCapacity = errors.New("not a number of places")
)

// MostPlaces is the greatest capacity. A service that says more has this many, and they are never all held.
const MostPlaces = 5000

// DynamoDB is what the places need of the AWS client.
type DynamoDB interface {
	GetItem(ctx context.Context, in *dynamodb.GetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
}

// Places are those of one country's services. They are safe for concurrent use, by as many processes as there are.
type Places struct {
	Client DynamoDB
	Table  string // name
	Now    func() time.Time
}

// A Claim asks for a place.
type Claim struct {
	Service   string    // HSDS id
	Reference string    // of the application
	Offered   int       // how many places the catalogue says there are (hsds.Service.Places); the operator's number goes before it
	Until     time.Time // when the place is free again if nobody keeps it; to the second
}

// A Reservation is a place that is held.
type Reservation struct {
	Service string
	Until   time.Time
	Kept    bool // the authority has accepted: it isn't given to others for want of an answer
}

// Reserve holds a place. Reserving again for the same application gives the same reservation, with its first end, as long
// as it is held. The error wraps ErrFull if no place is left; the service is then marked as waited for.
func (p *Places) Reserve(ctx context.Context, c Claim) (Reservation, error) {
	var held Reservation
	full := false
	err := p.change(ctx, c.Service, func(l *ledger) {
		held, full = l.reserve(holder(c.Service, c.Reference), c.Offered, c.Until.Unix(), p.Now().Unix())
	})
	if err == nil && full {
		err = ErrFull
	}
	if err != nil {
		return Reservation{}, fmt.Errorf("reserving a place of %s for %s: %w", c.Service, c.Reference, err)
	}
	held.Service = c.Service
	return held, nil
}

// Keep makes a reservation outlast its end, until another: the authority has accepted. It was the authority's to say, so
// it holds even if the place was over or given to somebody else meanwhile. Keeping again changes nothing but the end.
func (p *Places) Keep(ctx context.Context, service, reference string, until time.Time) error {
	err := p.change(ctx, service, func(l *ledger) { l.keep(holder(service, reference), until.Unix()) })
	if err != nil {
		return fmt.Errorf("keeping the place of %s at %s: %w", reference, service, err)
	}
	return nil
}

// A Standing is how a service stands.
type Standing struct {
	Service  string
	Capacity int  // the operator's number, or what the catalogue said
	Own      bool // the capacity is the operator's number
	Held     int  // reserved or kept; may be more than the capacity, after that was made less
	Free     int  // never less than nought
	Waiting  bool // somebody was told that there is no place, since the last WaitingTold
}

// Reopened tells whether there are places again for people who were told that there is none: they must be told.
func (s Standing) Reopened() bool { return s.Waiting && s.Free > 0 }

// Release gives a place back, if it is held: refused, withdrawn, over. Releasing again changes nothing. The standing is
// the one after it; while it is Reopened, who released must see to it that those who wait are told, and may do so again.
// offered is what the catalogue says.
func (p *Places) Release(ctx context.Context, service, reference string, offered int) (Standing, error) {
	var after Standing
	err := p.change(ctx, service, func(l *ledger) {
		l.release(holder(service, reference))
		after = l.standing(service, offered, p.Now().Unix())
	})
	if err != nil {
		return Standing{}, fmt.Errorf("releasing the place of %s at %s: %w", reference, service, err)
	}
	return after, nil
}

// SetCapacity sets the operator's own number of places, which goes before the catalogue's. Below what is held, nobody
// loses a place, and none is given until enough are free again. The error wraps ErrCapacity for less than nought or more
// than MostPlaces.
func (p *Places) SetCapacity(ctx context.Context, service string, capacity int) (Standing, error) {
	if capacity < 0 || capacity > MostPlaces {
		return Standing{}, fmt.Errorf("setting the places of %s to %d: %w", service, capacity, ErrCapacity)
	}
	return p.setCapacity(ctx, service, &capacity, capacity)
}

// ClearCapacity takes the operator's number back: the catalogue's counts again.
func (p *Places) ClearCapacity(ctx context.Context, service string, offered int) (Standing, error) {
	return p.setCapacity(ctx, service, nil, offered)
}

func (p *Places) setCapacity(ctx context.Context, service string, capacity *int, offered int) (Standing, error) {
	var after Standing
	err := p.change(ctx, service, func(l *ledger) {
		l.Capacity = capacity
		after = l.standing(service, offered, p.Now().Unix())
	})
	if err != nil {
		return Standing{}, fmt.Errorf("setting the places of %s: %w", service, err)
	}
	return after, nil
}

// WaitingTold takes the mark of waiting off a service, before those who wait are told: whoever is refused from now on
// marks it again.
func (p *Places) WaitingTold(ctx context.Context, service string) error {
	if err := p.change(ctx, service, func(l *ledger) { l.Waiting = false }); err != nil {
		return fmt.Errorf("marking those who wait for %s as told: %w", service, err)
	}
	return nil
}

// Standing reads how a service stands. offered is what the catalogue says.
func (p *Places) Standing(ctx context.Context, service string, offered int) (Standing, error) {
	l, err := p.read(ctx, service)
	if err != nil {
		return Standing{}, fmt.Errorf("reading the places of %s: %w", service, err)
	}
	return l.standing(service, offered, p.Now().Unix()), nil
}

// attempts bounds how often a change that lost a race is tried. With fifty at once each of them came through within
// thirty in every run of the tests.
const attempts = 100

// change reads a service, applies a rule and writes it, until nobody was quicker. A rule that changes nothing costs no
// write.
func (p *Places) change(ctx context.Context, service string, rule func(*ledger)) error {
	for attempt := range attempts {
		before, err := p.read(ctx, service)
		if err != nil {
			return err
		}
		after := before.clone()
		rule(&after)
		if after.same(before) {
			return nil
		}
		after.drop(p.Now().Unix())
		err = p.write(ctx, service, after, before.Version)
		if !errors.Is(err, errRace) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
	return ErrBusy
}

// pause waits for a random while that grows with the attempts, so that those who collided don't again.
func pause(ctx context.Context, attempt int) error {
	longest := time.Duration(min(attempt+1, 25)) * 2 * time.Millisecond
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(rand.N(longest)): //nolint:gosec // nothing is secret about how long somebody waits
		return nil
	}
}
