package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// matching measures the matching engine against what one would pick instead. That is a module of its own, shared/match/bench,
// as nothing that is deployed may carry what it compares with.
func matching(ctx context.Context, s settings) ([]Figure, error) {
	dir, err := os.MkdirTemp("", "bench-*")
	if err != nil {
		return nil, fmt.Errorf("making room for the figures: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "matching.json")
	args := append([]string{"run", "-C", "shared/match/bench", ".", "-o", file}, strings.Fields(s.matching)...)
	command := exec.CommandContext(ctx, "go", args...) //nolint:gosec // the arguments are the operator's own
	command.Stdout, command.Stderr = s.out, os.Stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the figures: %w", err)
	}
	var figures []Figure
	if err := json.Unmarshal(text, &figures); err != nil {
		return nil, fmt.Errorf("reading the figures: %w", err)
	}
	return figures, nil
}
