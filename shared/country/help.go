package country

import (
	"slices"
	"strings"
	"time"
)

// Dial is the number as a telephone takes it: without the spaces that people read it by.
func (l HelpLine) Dial() string { return strings.ReplaceAll(l.Phone, " ", "") }

// Speaks tells whether a language is known to be spoken there.
func (l HelpLine) Speaks(lang string) bool { return slices.Contains(l.Languages, lang) }

// checkHelpLines: whoever is in danger must find a number, and a wrong one can cost a life.
func (p *Pack) checkHelpLines(wrong func(string, string, ...any)) {
	if p.Emergency() == "" {
		wrong("help_lines", "have no number for an %s", HelpLinePurposes[0])
	}
	for i, line := range p.HelpLines {
		path := "help_lines." + line.Purpose
		if !slices.Contains(HelpLinePurposes, line.Purpose) {
			wrong("help_lines", "unknown purpose %q", line.Purpose)
		}
		if !phoneNumber.MatchString(line.Phone) {
			wrong(path, "%q is not a telephone number", line.Phone)
		}
		if slices.ContainsFunc(p.HelpLines[:i], func(l HelpLine) bool { return l.Purpose == line.Purpose && l.Dial() == line.Dial() }) {
			wrong(path, "%q stands twice", line.Phone)
		}
		if !webAddress(line.Source) {
			wrong(path, "source %q is not a web address", line.Source)
		}
		for j, language := range line.Languages {
			if !languageCode.MatchString(language) || slices.Contains(line.Languages[:j], language) {
				wrong(path, "%q is not a language code or stands twice", language)
			}
		}
		if (line.Checked != "") == line.Unchecked {
			wrong(path, "needs the day on which it was checked, or unchecked, and not both")
		}
		if _, err := time.Parse(time.DateOnly, line.Checked); line.Checked != "" && err != nil {
			wrong(path, "checked %q is not a day", line.Checked)
		}
	}
}
