package fairness

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/miict/immerse/shared/groups"
)

// Print writes the report as a text table.
func (r *Report) Print(out io.Writer) error {
	who := "people"
	if r.Synthetic {
		who = "SYNTHETIC people, who do not exist"
	}
	fmt.Fprintf(out, "%s on %s, catalogue %s: %d %s\n", r.Country, r.At, r.Catalogue, r.People, who)
	fmt.Fprintf(out, "%d pairs of service and need held to the rules: %d violations, %d missed\n\n", r.Pairs, r.Violations, r.Missed)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "BY\tGROUP\tPEOPLE\tELIGIBLE\tCHECK\tBENEFIT\tSERVICES\tLEAST, OF ALL'S")
	line := func(by string, row Row, mark string) {
		if row.Suppressed {
			fmt.Fprintf(table, "%s\t%s\tfew\t\t\t\t\t\n", by, row.Group)
			return
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%.1f %%\t%.1f %%\t%.3f\t%.1f\t%s\n", by, row.Group, row.People, 100*row.Eligible,
			100*row.Check, row.Benefit, row.Services, mark)
	}
	line("", r.All, "")
	for _, a := range r.By {
		for _, row := range a.Rows {
			mark := ""
			for _, w := range []struct {
				what string
				Worst
			}{{"eligible", a.Eligible}, {"benefit", a.Benefit}, {"services", a.Services}} {
				if row.Group == w.Group {
					mark += fmt.Sprintf("%s %.2f ", w.what, w.Ratio)
				}
			}
			line(a.By, row, mark)
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("fairness: printing: %w", err)
	}
	for i := range r.Batches {
		if err := r.Batches[i].print(out); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "\nFew: fewer than %d people, or they would show how many those are. Means over each person's needs. Benefit: best score among what\none surely may use. Services: how many one surely may use for a need.\n", groups.Smallest)
	return err
}

func (b *Batch) print(out io.Writer) error {
	fmt.Fprintf(out, "\nScarce places for %s: %d at %d services, for %d who surely qualify; %d violations; floors by %s, proved to be the best\n",
		b.Need, b.Places, b.Services, b.Qualify, b.Violations, b.FloorBy)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "GROUP\tQUALIFY\tFLOOR\tPROPOSED\tWITHOUT FLOORS\tFIRST COME\t")
	for _, row := range b.Rows {
		if row.Suppressed {
			fmt.Fprintf(table, "%s\tfew\t\t\t\t\t\n", row.Group)
			continue
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t\n", row.Group, row.Qualify, row.Floor, row.Proposed, row.Without, row.First)
	}
	fmt.Fprintf(table, "worst share, of all's\t\t\t%.2f\t%.2f\t%.2f\t\n", b.Worst.Ratio, b.WorstWithout.Ratio, b.WorstFirst.Ratio)
	fmt.Fprintf(table, "points\t\t\t%d\t%d\t%d\t\n", b.Points, b.PointsWithout, b.PointsFirst)
	if err := table.Flush(); err != nil {
		return fmt.Errorf("fairness: printing: %w", err)
	}
	return nil
}
