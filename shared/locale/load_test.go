package locale

import (
	"maps"
	"slices"
	"testing"
)

// BenchmarkLoad is what a function pays for its first words.
func BenchmarkLoad(b *testing.B) {
	for _, lang := range []string{"en", "es", "ar"} {
		b.Run(lang, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				load(lang)
			}
		})
	}
}

func BenchmarkT(b *testing.B) {
	printer := For("ar")
	b.ReportAllocs()
	for b.Loop() {
		printer.T("error.out_of_range", "min", 1, "max", 30)
	}
}

func BenchmarkN(b *testing.B) {
	printer := For("ar")
	b.ReportAllocs()
	for b.Loop() {
		printer.N("status.matches", 3)
	}
}

// forget makes the package as it is when a function starts.
func forget() {
	printersMu.Lock()
	defer printersMu.Unlock()
	printers = map[string]*Printer{}
}

func loaded() []string {
	printersMu.Lock()
	defer printersMu.Unlock()
	return slices.Sorted(maps.Keys(printers))
}

func TestOnlyWhatIsAskedForIsParsed(t *testing.T) {
	forget()
	For("es").T("form.title")
	For("es").N("status.matches", 2)
	if got := loaded(); !slices.Equal(got, []string{"es"}) {
		t.Errorf("Spanish loaded %v", got)
	}
}

func TestMissingTranslationIsSaidInEnglish(t *testing.T) {
	forget()
	t.Cleanup(forget)
	spanish := For("es")
	delete(spanish.messages, "form.title")
	delete(spanish.messages, "status.matches")
	if got := spanish.T("form.title"); got != "Ask for help" {
		t.Errorf("T says %q", got)
	}
	if got := spanish.N("status.matches", 1); got != "1 service" {
		t.Errorf("N says %q", got)
	}
	if !spanish.Has("form.title") {
		t.Error("Has should count English")
	}
}

func TestEscapesInAFileAreRead(t *testing.T) {
	if got, ok := plain([]byte(`"a \"b\" c"`)); !ok || got != `a "b" c` {
		t.Errorf("got %q, %v", got, ok)
	}
}
