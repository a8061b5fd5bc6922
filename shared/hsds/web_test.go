package hsds_test

import (
	"testing"

	"github.com/miict/immerse/shared/hsds"
)

func TestOnlyPagesOfTheWebAreLinkedTo(t *testing.T) {
	for _, good := range []string{"https://ayto.example/clases?a=1&b=2", "http://x.example", "https://x.example:8443/"} {
		if got := hsds.WebAddress(good); got != good {
			t.Errorf("%q became %q", good, got)
		}
	}
	for _, bad := range []string{
		"", "javascript:alert(1)", "//x.example", "https://", "https:///x", "ftp://x.example", "https://bank.example@x.example",
		"https://x.example/a b", "https://x.example/\n", "data:text/html,x", "http://:80", "/status",
	} {
		if got := hsds.WebAddress(bad); got != "" {
			t.Errorf("%q was let through", bad)
		}
	}
}
