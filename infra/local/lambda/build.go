package lambda

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Build compiles the program in folder, below the module's root, the way the deployed one is compiled except for the
// machine it is for, or with the race detector, and gives its path. Compiling what has not changed takes the time of a look.
func Build(ctx context.Context, root, folder, output string, race bool) (string, error) {
	if err := os.MkdirAll(filepath.Dir(output), 0o755); err != nil { //nolint:gosec // build output is not secret
		return "", fmt.Errorf("making the folder for %s: %w", output, err)
	}
	args := []string{"build", "-tags", "lambda.norpc", "-o", output}
	if race {
		args = append(args, "-race")
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+filepath.ToSlash(folder))...) //nolint:gosec // our own packages
	cmd.Dir = root
	// On one file system the go command renames the finished program into place, so that two test runs at once
	// never start half of one.
	cmd.Env = append(os.Environ(), "GOTMPDIR="+filepath.Dir(output))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", folder, err, out.String())
	}
	return output, nil
}

// Root finds the module's root folder, from the working folder upwards.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the module: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("finding the module: no go.mod here or above; run this inside the repository")
		}
		dir = parent
	}
}
