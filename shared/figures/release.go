package figures

// A Release is what is published of a quarter.
type Release struct {
	Period    string  `json:"period"`    // "2026-Q4"
	From      string  `json:"from"`      // the first day, in the country
	To        string  `json:"to"`        // the last day
	Published string  `json:"published"` // the day on which it was counted
	Tables    []Table `json:"tables"`    // one of each measure
}

// A Table is what is published by one measure. One with no categories has too few people in the whole country.
type Table struct {
	Measure    Measure    `json:"measure"`
	Categories []Category `json:"categories"`
	Rows       []Row      `json:"rows"`
}

// A Category is what cases are counted as; Codes are several when each alone would be too small.
type Category struct {
	Codes []string `json:"codes"`
}

// The dimensions of rows.
const (
	ByAll       = "all"
	ByRegion    = "region"
	ByAuthority = "authority"
	ByNeed      = "need"
)

// Small is why a row has no numbers: there are fewer than K people, or none, or they are among others so that nobody else can be
// worked out. Which of these is not said, as it would be a figure of its own.
const Small = "small_group"

// A Row is a group and its numbers, one for each category of its table. Those whose numbers are not shown alone are counted with
// Other: of their region if it has one, else of all.
type Row struct {
	Dimension string `json:"dimension"`
	Group     string `json:"group"`            // All, Other, or the code of a region, an authority or a need
	Name      string `json:"name,omitempty"`   // of an authority
	Region    string `json:"region,omitempty"` // of an authority
	Counts    []int  `json:"counts"`           // nil: not shown
	Reason    string `json:"reason,omitempty"` // Small, of what is not shown
}

// Total is how many cases a row has.
func (r Row) Total() (total int) {
	for _, count := range r.Counts {
		total += count
	}
	return total
}

// Shown tells whether any number of the release is.
func (r Release) Shown() bool {
	for _, table := range r.Tables {
		if len(table.Categories) > 0 {
			return true
		}
	}
	return false
}

// Of gives the rows of a dimension that have numbers.
func (t Table) Of(dimension string) (rows []Row) {
	for _, row := range t.Rows {
		if row.Dimension == dimension && row.Counts != nil {
			rows = append(rows, row)
		}
	}
	return rows
}
