package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/miict/immerse/shared/catalogue/feed"
)

// stdin is the file name that means standard input.
const stdin = "-"

// each hands every record of a file to handle. What is wrong with the file as a whole is bad input.
func (env *environment) each(name string, handle func(feed.Record) error) error {
	in := env.in
	if name != stdin {
		file, err := os.Open(name)
		if err != nil {
			return badInput("%v", err)
		}
		defer file.Close()
		in = file
	}
	err := feed.Each(in, handle)
	if errors.Is(err, feed.ErrNotJSON) || errors.Is(err, feed.ErrNotUTF8) {
		return badInput("%s: %v", name, err)
	}
	return err
}

// printJSON prints a value as indented JSON.
func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return written(encoder.Encode(value))
}

func written(err error) error {
	if err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}
