package feed_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/catalogue/feed"
)

func read(text string) (got []string, err error) {
	err = feed.Each(strings.NewReader(text), func(r feed.Record) error {
		got = append(got, r.Place+" "+strings.Join(strings.Fields(string(r.Data)), ""))
		return nil
	})
	return got, err
}

func TestEveryShapeOfFileIsTakenApart(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"only blanks", " \r\n\n", nil},
		{"lines", "{\"a\":1}\n{\"a\":2}\n", []string{`line 1 {"a":1}`, `line 2 {"a":2}`}},
		{"no end of line", `{"a":1}`, []string{`line 1 {"a":1}`}},
		{"mark, Windows, blank lines", "\ufeff{\"a\":1}\r\n\r\n{\"a\":2}\r\n", []string{`line 1 {"a":1}`, `line 3 {"a":2}`}},
		{"blank lines first", "\n\n{\"a\":1}\n{\"a\":2}", []string{`line 3 {"a":1}`, `line 4 {"a":2}`}},
		{"a broken line", "{\"a\":1}\n{\"a\n{\"a\":2}\n", []string{`line 1 {"a":1}`, `line 2 {"a`, `line 3 {"a":2}`}},
		{"the first is broken", "{\"a\":\n{\"a\":2}\n", []string{`line 1 {"a":`, `line 2 {"a":2}`}},
		{"one object over lines", "{\n \"a\": 1\n}\n", []string{`the object {"a":1}`}},
		{"a list", "\n[ {\"a\":1},\n 2 ]", []string{`[0] {"a":1}`, `[1] 2`}},
		{"a page", `{"total_items":2,"contents":[{"id":"a"},{"id":"b"}]}`,
			[]string{`line 1, contents[0] {"id":"a"}`, `line 1, contents[1] {"id":"b"}`}},
		{"two lists", `{"organizations":[{"id":"o"}],"services":[{"id":"s"}]}`,
			[]string{`line 1, services[0] {"id":"s"}`, `line 1, organizations[0] {"id":"o"}`}},
		{"an object with a list is one object", `{"id":"o","services":[{"id":"s"}]}`,
			[]string{`line 1 {"id":"o","services":[{"id":"s"}]}`}},
		{"not a page", `{"services":7}`, []string{`line 1 {"services":7}`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := read(test.text)
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("error %v, records (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	for text, want := range map[string]error{
		"\xff\xfe{\x00":   feed.ErrNotUTF8,
		`[{"a":1},{"a"]`:  feed.ErrNotJSON,
		`[{"a":1}`:        feed.ErrNotJSON,
		`[{"a":1} "more"`: feed.ErrNotJSON,
	} {
		if _, err := read(text); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", text, err, want)
		}
	}
}

func TestTheFirstErrorOfTheHandlerEndsIt(t *testing.T) {
	enough := errors.New("enough")
	seen := 0
	err := feed.Each(strings.NewReader(strings.Repeat("{}\n", 10)), func(feed.Record) error {
		if seen++; seen == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || seen != 3 {
		t.Errorf("got %v after %d records", err, seen)
	}
}

func TestManyLinesAreStreamed(t *testing.T) {
	var text strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&text, "{\"id\":%q}\n", strings.Repeat("x", i%50))
	}
	got, err := read(text.String())
	if err != nil || len(got) != 20_000 {
		t.Errorf("%d records, error %v", len(got), err)
	}
}
