package page

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/codes"
)

// TestWhatPeopleChooseHasAnIcon of its own, which says nothing to those who listen.
func TestWhatPeopleChooseHasAnIcon(t *testing.T) {
	seen := map[string]string{}
	for _, name := range append(append([]string{"needs", "place", "you", "skills", "contact", "consent", "why", "skip", "case", "services", "rights"}, codes.Needs...), codes.Kinds...) {
		drawn := string(Drawing(name))
		if !strings.Contains(drawn, `alt=""`) || strings.Contains(drawn, "style=") {
			t.Errorf("%s: %s", name, drawn)
		}
		if !strings.Contains(string(Icons()), `<view id="`+name+`"`) {
			t.Errorf("%s is not in the file", name)
		}
		if other := seen[icons[name]]; other != "" && name != codes.Support {
			t.Errorf("%s and %s have the same icon", name, other)
		}
		seen[icons[name]] = name
	}
	if err := xml.Unmarshal(Icons(), new(any)); err != nil {
		t.Error(err)
	}
	if Drawing("nothing of ours") != "" {
		t.Error("what we don't know is drawn")
	}
}

func TestACodeStaysInOnePiece(t *testing.T) {
	for said, want := range map[string]string{
		"Case ES-1 <b>":     `Case <bdi class="ref">ES-1</bdi> &lt;b&gt;`,
		"Nothing <i>":       "Nothing &lt;i&gt;",
		"ES-1":              `<bdi class="ref">ES-1</bdi>`,
		"\"ES-1\" and ES-1": `&#34;<bdi class="ref">ES-1</bdi>&#34; and ES-1`,
	} {
		if got := whole(said, "ES-1"); string(got) != want {
			t.Errorf("%q: %s", said, got)
		}
	}
	if got := whole("a <b>", ""); got != "a &lt;b&gt;" {
		t.Errorf("without a code: %s", got)
	}
}
