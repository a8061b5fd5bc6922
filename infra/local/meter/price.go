package meter

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
)

//go:embed prices.json
var list []byte

// A Price is what a unit costs, and where that was found: one of the sources that prices.json names.
type Price struct {
	USD    float64
	Source string
}

// Prices are what each unit costs in a region.
type Prices map[Unit]Price

// notFound are the sources that are none: the price is from memory, or another region's.
var notFound = []string{"unchecked", "like Ireland"}

// PricesOf reads the price list for a region.
func PricesOf(region string) (Prices, error) {
	var read struct{ Regions map[string]Prices }
	if err := json.Unmarshal(list, &read); err != nil {
		return nil, fmt.Errorf("reading prices.json: %w", err)
	}
	prices, ok := read.Regions[region]
	if !ok {
		return nil, fmt.Errorf("prices.json has no region %q", region)
	}
	return prices, nil
}

// Cost is what an amount of a line costs. A unit without a price is a mistake.
func (p Prices) Cost(line Line, amount float64) (float64, error) {
	price, ok := p[line.Unit]
	if !ok {
		return 0, fmt.Errorf("prices.json has no price of %s", line.Unit)
	}
	return price.USD * amount, nil
}

// Found tells whether the price of a unit was found in a source.
func (p Prices) Found(unit Unit) bool {
	return p[unit].Source != "" && !slices.Contains(notFound, p[unit].Source)
}

// OfMail tells the lines that every mail has by itself, whatever is done here: SES's price, and EventBridge's for handing
// over what SES reports of it. The budget is without them.
func (l Line) OfMail() bool { return l.Unit == Mails || l.Unit == MailBytes || l.Function == Carrying }
