package store

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAMailsKeyIsShortAndComesBack(t *testing.T) {
	t.Parallel()
	const uuid = "17bd461f-444d-5b45-a85c-b9444f7ed287"
	for id, want := range map[string]string{
		"receipt":                            "receipt",
		"authority-a":                        "@a",
		"authority-":                         "@",
		"authority-" + uuid:                  "~F71GH0RNW0WoXLlET37Shw",
		"authority-" + uuid + "+2":           "~F71GH0RNW0WoXLlET37Shw+2",
		"remind-" + uuid:                     "remind~F71GH0RNW0WoXLlET37Shw",
		"asked1-" + uuid + "+2":              "asked1~F71GH0RNW0WoXLlET37Shw+2",
		"remind-a":                           "remind-a",
		"authority-" + strings.ToUpper(uuid): "@" + strings.ToUpper(uuid),
		"authority-17bd461f444d-5b45-a85c-b9444f7ed287-": "@17bd461f444d-5b45-a85c-b9444f7ed287-",
		"authority-@~":              "@@~",
		"receipt~authority-" + uuid: "=receipt~authority-" + uuid,
	} {
		if got := mailKey(id); got != want || mailID(got) != id {
			t.Errorf("%s stands under %s, which is %s", id, got, mailID(got))
		}
	}
}

func TestEveryMailsKeyComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.SampledFrom([]string{"authority-", "receipt", "remind-", "~", "@", "-", "+1", "a", "17bd461f-444d-5b45-a85c-b9444f7ed287", "17bd461F"})
		id := rapid.SampledFrom([]string{"receipt", "authority-", "remind-"}).Draw(t, "word") +
			strings.Join(rapid.SliceOfN(part, 0, 4).Draw(t, "parts"), "") + rapid.String().Draw(t, "rest")
		if got := mailID(mailKey(id)); got != id {
			t.Fatalf("%q comes back as %q", id, got)
		}
	})
}
