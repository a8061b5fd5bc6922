package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/miict/immerse/infra/local/meter"
)

// What the figures are held against: the budget of a thousand applications without mail, and the time in which GC Notify
// hands an urgent mail over.
const (
	budget    = 0.02
	objective = 10.0
)

// cases hands applications in and says what a thousand of them cost, by part, and how long they took.
func cases(ctx context.Context, s settings) ([]Figure, error) {
	var figures []Figure
	for _, code := range s.countries {
		m, err := load(ctx, code, s.applications)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", code, err)
		}
		prices, err := meter.PricesOf(m.region)
		if err != nil {
			return nil, err
		}
		thousand := 1000 / float64(s.applications)
		lines, err := bill(prices, m.amounts, thousand)
		if err != nil {
			return nil, err
		}
		began, err := bill(prices, m.start, 1)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(s.out, "\n%s in %s: 1,000 applications, %.1f mails each\n", code, m.region, float64(m.mails)/float64(s.applications))
		without, with := show(s.out, lines)
		_, first := total(began)
		fmt.Fprintf(s.out, "%12.5f USD once: the first start of all functions and the first application\n", first)
		figures = append(figures,
			figure("cost of 1,000 applications without mail, "+code, without, budget, "USD"),
			figure("the same without the records of mails, "+code, without-records(lines), budget, "USD"),
			figure("cost of 1,000 applications with mail, "+code, with, budget, "USD"))
		for _, p := range []int{50, 90, 99} {
			at := m.handOver[min(len(m.handOver)*p/100, len(m.handOver)-1)]
			figures = append(figures, figure(fmt.Sprintf("submission to hand-over, %d %%, %s", p, code), at, objective, "s"))
		}
	}
	return figures, nil
}

// A cost is a line of the bill with its price.
type cost struct {
	meter.Line
	amount, dollars float64
}

func bill(prices meter.Prices, amounts map[meter.Line]float64, times float64) ([]cost, error) {
	var all []cost
	for line, amount := range amounts {
		if line.Unit == meter.EmptyReceives {
			continue // the laptop polls as it likes: what Lambda's polling costs a month is in docs/operations.md
		}
		dollars, err := prices.Cost(line, amount*times)
		if err != nil {
			return nil, err
		}
		all = append(all, cost{line, amount * times, dollars})
	}
	slices.SortFunc(all, func(a, b cost) int {
		return cmp.Or(cmp.Compare(b.dollars, a.dollars), cmp.Compare(a.Function+a.Detail, b.Function+b.Detail))
	})
	return all, nil
}

// show prints the lines that matter and the sums by part.
func show(out io.Writer, lines []cost) (without, with float64) {
	parts := map[meter.Unit]float64{}
	for _, c := range lines {
		parts[c.Unit] += c.dollars
		if c.dollars >= 0.0001 {
			fmt.Fprintf(out, "%12.5f USD %12.1f %-22s %-13s %s\n", c.dollars, c.amount, c.Unit, c.Function, c.Detail)
		}
	}
	for _, unit := range slices.Sorted(maps.Keys(parts)) {
		fmt.Fprintf(out, "%12.5f USD in all for %s\n", parts[unit], unit)
	}
	without, with = total(lines)
	fmt.Fprintf(out, "%12.5f USD without mail, %.5f with\n", without, with)
	return without, with
}

// records is what keeping account of mails costs: the writes to the ledger.
func records(lines []cost) (sum float64) {
	for _, c := range lines {
		if strings.HasSuffix(c.Detail, " ledger") {
			sum += c.dollars
		}
	}
	return sum
}

func total(lines []cost) (without, with float64) {
	for _, c := range lines {
		with += c.dollars
		if !c.Unit.OfMail() {
			without += c.dollars
		}
	}
	return without, with
}
