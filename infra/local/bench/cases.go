package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/miict/immerse/infra/local/meter"
)

// What the figures are held against: the budget of a thousand applications without mail, and the time in which GC Notify
// hands an urgent mail over.
const (
	budget    = 0.02
	objective = 10.0
)

// Traces are sampled, so that what they cost an application depends on how fast applications come: busy is a wave of ten a
// second; one by one, slower than one a second, every invocation is traced.
const (
	oneByOne = 0.0
	busy     = 10.0
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
		calm, err := bill(prices, sampled(m.amounts, s.applications, oneByOne), thousand)
		if err != nil {
			return nil, err
		}
		lines, err := bill(prices, sampled(m.amounts, s.applications, busy), thousand)
		if err != nil {
			return nil, err
		}
		began, err := bill(prices, m.start, 1)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(s.out, "\n%s in %s: 1,000 applications at %v a second, %.1f mails each\n", code, m.region, busy, float64(m.mails)/float64(s.applications))
		without, with := show(s.out, lines)
		single, _ := total(calm)
		fmt.Fprintf(s.out, "%12.5f USD without mail if they come one by one, so that every invocation is traced\n", single)
		_, first := total(began)
		fmt.Fprintf(s.out, "%12.5f USD of what it costs without mail is at prices that were not found in a source\n", unsourced(prices, lines))
		fmt.Fprintf(s.out, "%12.5f USD once: the first start of all functions and the first application\n", first)
		figures = append(figures,
			figure("cost of 1,000 applications without mail, "+code, without, budget, "USD"),
			figure("the same with the handing over of SES's reports, "+code, without+carrying(lines), budget, "USD"),
			figure("the same one by one, every invocation traced, "+code, single, budget, "USD"),
			figure("the same without traces, "+code, without-sum(lines, meter.Traces), budget, "USD"),
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
	fmt.Fprintf(out, "%12.5f USD without mail (SES, and the handing over of its reports: %.5f), %.5f with\n", without, carrying(lines), with)
	return without, with
}

// sampled leaves of the traces those that X-Ray takes when applications come at a rate of so many a second.
func sampled(amounts map[meter.Line]float64, applications int, rate float64) map[meter.Line]float64 {
	left := maps.Clone(amounts)
	for line, amount := range left {
		if line.Unit == meter.Traces {
			left[line] = amount * meter.Sampled(rate*amount/float64(applications))
		}
	}
	return left
}

// sum is what all lines of a unit cost.
func sum(lines []cost, unit meter.Unit) (dollars float64) {
	for _, c := range lines {
		if c.Unit == unit {
			dollars += c.dollars
		}
	}
	return dollars
}

// unsourced is what all lines cost, without mail, whose price was found nowhere (meter/prices.json).
func unsourced(prices meter.Prices, lines []cost) (dollars float64) {
	for _, c := range lines {
		if !c.OfMail() && !prices.Found(c.Unit) {
			dollars += c.dollars
		}
	}
	return dollars
}

// carrying is what EventBridge's handing over of SES's reports costs: a request to SQS for each mail.
func carrying(lines []cost) (dollars float64) {
	for _, c := range lines {
		if c.Function == meter.Carrying {
			dollars += c.dollars
		}
	}
	return dollars
}

func total(lines []cost) (without, with float64) {
	for _, c := range lines {
		with += c.dollars
		if !c.OfMail() {
			without += c.dollars
		}
	}
	return without, with
}
