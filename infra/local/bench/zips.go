package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// largestZip is what Lambda takes as an upload, in MB.
const largestZip = 50

// zips weighs what make build has made.
func zips(_ context.Context, s settings) ([]Figure, error) {
	files, err := filepath.Glob("build/*.zip")
	if err != nil {
		return nil, fmt.Errorf("looking for what was built: %w", err)
	}
	if len(files) == 0 {
		fmt.Fprintln(s.out, "SKIPPED the sizes: nothing is built yet (make build)")
	}
	var figures []Figure
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			return nil, fmt.Errorf("weighing: %w", err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".zip")
		figures = append(figures, figure("zip of "+name, float64(info.Size())/1e6, largestZip, "MB"))
	}
	return figures, nil
}
