package site_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

var dialled = regexp.MustCompile(`href="tel:([^"]*)"`)

// TestWhomToCallIsOnTheFrontPageAndTheForm: all numbers of the pack, and no others on any page, in every language and country.
func TestWhomToCallIsOnTheFrontPageAndTheForm(t *testing.T) {
	for _, code := range country.Codes() {
		code = strings.ToLower(code)
		pack, err := country.Load(code)
		if err != nil {
			t.Fatal(err)
		}
		var numbers []string
		for _, line := range pack.HelpLines {
			numbers = append(numbers, line.Dial())
		}
		files := build(t, code)
		for _, lang := range locale.Languages() {
			for _, name := range []string{lang + "/index.html", lang + "/" + page.FormPath("support") + "index.html"} {
				for _, line := range pack.HelpLines {
					elsewhere := strings.Contains(name, "/apply/") && slices.Contains([]string{"human_trafficking", "asylum"}, line.Purpose)
					if !elsewhere && !strings.Contains(string(files[name]), `<a href="tel:`+line.Dial()+`"><bdi dir="ltr">`) {
						t.Errorf("%s: %s has no link to call %s", code, name, line.Phone)
					}
				}
			}
		}
		for name, content := range files {
			for _, found := range dialled.FindAllSubmatch(content, -1) {
				if !slices.Contains(numbers, string(found[1])) {
					t.Errorf("%s: %s calls %s, which the pack doesn't have", code, name, found[1])
				}
			}
		}
	}
}
