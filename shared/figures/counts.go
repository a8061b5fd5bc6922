package figures

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
)

// A Case is what one authority did in a quarter about one application. A person who was referred to three authorities has three.
type Case struct {
	Authority string             // id of the organization
	Need      string             // of codes.Needs, or Several
	Said      map[Measure]string // the category, by each measure that the case counts for
}

// whole is what one person's cases weigh together: cases are many, people are what K is about. It can be divided by all that a person
// is likely to have.
const whole = 2520

// A Tally is a number of cases, and how many people they are at least: each person is one, divided among their cases.
type Tally struct {
	Cases int `json:"n"`
	Parts int `json:"p"` // of whole
}

// A cell is the smallest group that is counted. Of Time, within is the category of Answer.
type cell struct {
	Measure   Measure
	Authority string
	Need      string
	Within    string
	Category  string
}

// Counts are the numbers of a quarter as they are counted, of groups of any size: they must not be seen by anybody.
type Counts struct{ cells map[cell]Tally }

// Add counts the cases of one application. An application's cases must be added together, as they are one person's.
func (c *Counts) Add(cases []Case) {
	if c.cells == nil {
		c.cells = map[cell]Tally{}
	}
	for _, measure := range Measures {
		have := 0
		for _, one := range cases {
			if one.Said[measure] != "" {
				have++
			}
		}
		for _, one := range cases {
			category := one.Said[measure]
			if category == "" {
				continue
			}
			key := cell{measure, one.Authority, one.Need, "", category}
			if measure == Time {
				key.Within = one.Said[Answer]
			}
			tally := c.cells[key]
			tally.Cases++
			tally.Parts += whole / have
			c.cells[key] = tally
		}
	}
}

type counted struct {
	cell
	Tally
}

// MarshalBinary packs the counts for keeping them while counting goes on.
func (c *Counts) MarshalBinary() ([]byte, error) {
	list := make([]counted, 0, len(c.cells))
	for key, tally := range c.cells {
		list = append(list, counted{key, tally})
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if err := json.NewEncoder(zip).Encode(list); err != nil {
		return nil, fmt.Errorf("packing counts: %w", err)
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("packing counts: %w", err)
	}
	return packed.Bytes(), nil
}

// mostPacked is more than the counts of any country take when they are unpacked, in bytes.
const mostPacked = 64 << 20

// UnmarshalBinary unpacks what MarshalBinary has packed.
func (c *Counts) UnmarshalBinary(packed []byte) error {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("unpacking counts: %w", err)
	}
	var list []counted
	if err := json.NewDecoder(io.LimitReader(zip, mostPacked)).Decode(&list); err != nil {
		return fmt.Errorf("unpacking counts: %w", err)
	}
	c.cells = make(map[cell]Tally, len(list))
	for _, one := range list {
		c.cells[one.cell] = one.Tally
	}
	return nil
}
