package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	fenced  = regexp.MustCompile("(?s)```.*?```")
	spanned = regexp.MustCompile("(?s)`[^`]+`")
	comment = regexp.MustCompile(`(?m)\s#.*$`)
	// placeholder is what the reader puts something in for: VERSION, <id>.
	placeholder = regexp.MustCompile(`<[^>]+>`)
)

// told gives the command lines of immersectl that a page tells its reader to type, as words.
func told(page string) (commands [][]string) {
	lines := spanned.FindAllString(fenced.ReplaceAllString(page, ""), -1)
	for i, span := range lines {
		lines[i] = strings.ReplaceAll(span, "\n", " ") // a line of the page ends anywhere
	}
	for _, block := range fenced.FindAllString(page, -1) {
		lines = append(lines, strings.Split(strings.ReplaceAll(comment.ReplaceAllString(block, ""), "\\\n", " "), "\n")...)
	}
	for _, line := range lines {
		words := strings.Fields(placeholder.ReplaceAllString(strings.Trim(line, "`"), "X"))
		if len(words) == 0 || words[0] != "immersectl" {
			continue
		}
		if end := slices.IndexFunc(words, func(word string) bool { return strings.ContainsAny(word[:1], "|>;&") }); end > 0 {
			words = words[:end]
		}
		commands = append(commands, words[1:])
	}
	return commands
}

// understood tells why a command line is none of ours: no such command, flag, or number of arguments. It runs nothing.
func understood(words []string) error {
	root := newRoot(&environment{in: strings.NewReader(""), out: io.Discard, err: io.Discard, getenv: os.Getenv})
	command, rest, err := root.Find(words)
	switch {
	case err != nil:
		return err
	case command.Annotations[onlyGroup] != "":
		return fmt.Errorf("which of the commands of %s?", command.Name())
	}
	if err := command.ParseFlags(rest); err != nil {
		return err
	}
	return command.ValidateArgs(command.Flags().Args())
}

// TestWhatThePagesTellOperatorsToTypeIsThere: nobody finds out at night that a command has another name.
func TestWhatThePagesTellOperatorsToTypeIsThere(t *testing.T) {
	for page, least := range map[string]int{"operations.md": 30, "fairness.md": 2} {
		text, err := os.ReadFile("../../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		commands := told(string(text))
		if len(commands) < least {
			t.Errorf("%s: only %d commands were found: %q", page, len(commands), commands)
		}
		for _, words := range commands {
			if err := understood(words); err != nil {
				t.Errorf("%s: immersectl %s: %v", page, strings.Join(words, " "), err)
			}
		}
	}
	for _, wrong := range []string{"catalogue unpublish", "status --contry es", "nothing", "audit --country"} {
		if understood(strings.Fields(wrong)) == nil {
			t.Errorf("%q is understood", wrong)
		}
	}
}
