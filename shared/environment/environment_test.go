package environment

import (
	"strings"
	"testing"
	"time"
)

func reader(values map[string]string) *Reader {
	return Read(func(name string) string { return values[name] })
}

func TestEveryProblemIsNamed(t *testing.T) {
	r := reader(map[string]string{"BASE": "ftp://x", "WAIT": "soon", "PAST": "-1s"})
	r.Required("TABLE")
	r.WebAddress("BASE")
	r.WebAddress("OTHER")
	r.Duration("WAIT", time.Second)
	r.Duration("PAST", time.Second)
	err := r.Err()
	if err == nil {
		t.Fatal("no problem")
	}
	for _, name := range []string{"TABLE", "BASE", "OTHER", "WAIT", "PAST"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q doesn't name %s", err, name)
		}
	}
}

func TestReadsWhatIsThere(t *testing.T) {
	r := reader(map[string]string{"TABLE": "t", "BASE": "https://example.org/", "WAIT": "2s"})
	if r.Required("TABLE") != "t" || r.WebAddress("BASE") != "https://example.org" || r.Optional("NONE") != "" {
		t.Error("values differ")
	}
	if r.Duration("WAIT", 0) != 2*time.Second || r.Duration("NONE", time.Minute) != time.Minute {
		t.Error("durations differ")
	}
	if err := r.Err(); err != nil {
		t.Error(err)
	}
}
