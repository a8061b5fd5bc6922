package figures

import (
	"strings"

	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/referral"
)

// named says what cases of a category are.
func named(say *locale.Printer, measure figures.Measure, codes []string) string {
	if measure == figures.Time {
		return days(say, codes)
	}
	lists := map[figures.Measure]string{
		figures.Answer: "figures.answer", figures.Reason: "referral.decline", figures.Outcome: "referral.outcome", figures.Rating: "figures.rating",
	}
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = say.Code(lists[measure], code)
		if code == referral.NoOutcome {
			words[i] = say.T("figures.no_outcome")
		}
	}
	return strings.Join(words, say.T("list.or"))
}

// days says how many working days a category of Time is.
func days(say *locale.Printer, codes []string) string {
	from, to, ok := figures.DaysOf(codes)
	switch {
	case !ok:
		return strings.Join(codes, say.T("list.comma"))
	case to < 0:
		return say.T("figures.days.more", "days", from)
	case from == 0:
		return say.T("figures.days.within", "days", to)
	}
	return say.T("figures.days.between", "from", from, "to", to)
}
