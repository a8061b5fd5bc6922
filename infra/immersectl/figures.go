package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/spf13/cobra"

	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/figures/shelf"
)

const aboutFigures = `Figures shows what referrals came to, by quarter: what is published at /figures, and what was taken
back. --csv and --json print the published numbers themselves; of groups that are too small there are
none, here as there.

The function followup counts a quarter by itself, in the first night after it ended. A quarter is
published once and never with other numbers: their difference would be a figure of its own.`

const aboutWithdraw = `Withdraw takes a quarter back, because it is wrong or says more than it should. It is gone from the
page at once, from the content network with the invalidation that is printed, and from browsers
within the hour. It is not counted again; --undo shows it again.`

func newFigures(o *options) *cobra.Command {
	asCSV, undo := false, false
	group := &cobra.Command{
		Use: "figures", Short: "Show the published figures, or take a quarter back", Long: aboutFigures,
		Example: "  immersectl figures --country es\n  immersectl figures --country es --csv > figures.csv",
		RunE:    func(c *cobra.Command, _ []string) error { return o.figures(c.Context(), asCSV) },
	}
	group.Flags().BoolVar(&asCSV, "csv", false, "print the published numbers as CSV")
	withdraw := &cobra.Command{
		Use: "withdraw PERIOD", Short: "Take a quarter back", Long: aboutWithdraw,
		Args:    one("which quarter? Such as: immersectl figures withdraw 2026-Q4"),
		Example: "  immersectl figures withdraw 2026-Q4 --country es",
		RunE:    func(c *cobra.Command, periods []string) error { return o.withdraw(c.Context(), periods[0], undo) },
	}
	withdraw.Flags().BoolVar(&undo, "undo", false, "show it again")
	group.AddCommand(withdraw)
	return group
}

func (o *options) figuresShelf(ctx context.Context) (*cloud, *shelf.Shelf, error) {
	cloud, err := o.cloud(ctx)
	if err != nil {
		return nil, nil, err
	}
	return cloud, &shelf.Shelf{Client: dynamodb.NewFromConfig(cloud.config), Table: cloud.prefix + "figures", Country: cloud.pack.Code}, nil
}

// figuresOutput is what --json prints.
type figuresOutput struct {
	Country   string            `json:"country"`
	K         int               `json:"k"` // people of the smallest group that anything is published of
	Published []figures.Release `json:"published"`
	Withdrawn []string          `json:"withdrawn"` // periods
}

func (o *options) figures(ctx context.Context, asCSV bool) error {
	if asCSV && o.json {
		return badInput("--csv and --json: choose one")
	}
	cloud, kept, err := o.figuresShelf(ctx)
	if err != nil {
		return err
	}
	shown, withdrawn, err := kept.All(ctx)
	if err != nil {
		return cloud.reached(err)
	}
	switch {
	case asCSV:
		return written(figures.WriteCSV(o.out, shown))
	case o.json:
		made := figuresOutput{Country: cloud.pack.Code, K: figures.K, Published: shown, Withdrawn: []string{}}
		for _, release := range withdrawn {
			made.Withdrawn = append(made.Withdrawn, release.Period)
		}
		return printJSON(o.out, made)
	case len(shown)+len(withdrawn) == 0:
		_, err := fmt.Fprintln(o.out, "No quarter was published yet: the first is, in the night after it ended.")
		return written(err)
	}
	return printFigures(o.out, shown, withdrawn)
}

// printFigures prints a line for each quarter: how many referrals it is about, and of how many groups there are numbers.
func printFigures(out io.Writer, shown, withdrawn []figures.Release) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "QUARTER\tFROM\tTO\tPUBLISHED\tREFERRALS\tGROUPS SHOWN\tTOO SMALL\t")
	for _, release := range shown {
		printQuarter(table, release, "")
	}
	for _, release := range withdrawn {
		printQuarter(table, release, "← taken back")
	}
	return written(table.Flush())
}

func printQuarter(table io.Writer, release figures.Release, mark string) {
	total, groups, small := "-", 0, 0
	for _, each := range release.Tables {
		for _, row := range each.Rows {
			switch {
			case row.Counts == nil:
				small++
				continue
			case row.Dimension == figures.ByAll && each.Measure == figures.Answer:
				total = fmt.Sprint(row.Total())
			}
			groups++
		}
	}
	fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\n", release.Period, release.From, release.To, release.Published, total, groups, small, mark)
}

// withdrawnOutput is what withdraw --json prints.
type withdrawnOutput struct {
	Period    string `json:"period"`
	Withdrawn bool   `json:"withdrawn"`
}

func (o *options) withdraw(ctx context.Context, period string, undo bool) error {
	cloud, kept, err := o.figuresShelf(ctx)
	if err != nil {
		return err
	}
	err = kept.Withdraw(ctx, period, undo)
	switch {
	case errors.Is(err, shelf.ErrNone):
		return badInput("nothing was published of %q; see: immersectl figures --country %s", period, o.country)
	case err != nil:
		return cloud.reached(err)
	case o.json:
		return printJSON(o.out, withdrawnOutput{period, !undo})
	case undo:
		_, err = fmt.Fprintf(o.out, "%s is shown again.\n", period)
	default:
		_, err = fmt.Fprintf(o.out, "%s is taken back. Now empty the content network's copies:\n"+
			"  aws cloudfront create-invalidation --distribution-id <SiteDistribution> --paths '/figures*' '/api/v1/figures*'\n", period)
	}
	return written(err)
}
