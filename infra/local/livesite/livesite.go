// Package livesite serves a country's site while somebody works on it: when templates, styles, scripts, words, texts or
// the generator itself have changed, the next page that is asked for is of a site made anew, by the very command that
// makes the site for the cloud. Where there is no source tree, the site that is built into the program stays.
package livesite

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/miict/immerse/site"
)

// sources are the folders, below the module's root, that the site is made of.
var sources = []string{"site", "shared/page", "shared/locale", "shared/application", "shared/codes", "shared/country"}

// A Site is an http.Handler. Make it with New.
type Site struct {
	root, country, out string
	log                *slog.Logger

	mu      sync.Mutex
	seen    state
	handler http.Handler
	problem error // of the last making, until the next change
}

// state tells whether sources have changed: how many files there are, and when the last of them was written.
type state struct {
	files int
	last  time.Time
}

// New serves files, as they are now in the source tree at root, and what becomes of them. What is made anew is written
// below out. log may be nil.
func New(files site.Files, root, country, out string, log *slog.Logger) *Site {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Site{root: root, country: country, out: out, log: log, seen: look(root), handler: site.Handler(files)}
}

// ServeHTTP implements http.Handler.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	handler, err := s.current(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	handler.ServeHTTP(w, r)
}

func (s *Site) current(ctx context.Context) (http.Handler, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := look(s.root); now != s.seen {
		files, err := s.make(ctx)
		if ctx.Err() != nil {
			return nil, ctx.Err() // the reader went away; who comes next has it made
		}
		s.seen, s.problem = now, err
		if err == nil {
			s.handler = site.Handler(files)
		}
	}
	return s.handler, s.problem
}

// make runs the generator from its sources, and reads what it wrote.
func (s *Site) make(ctx context.Context) (site.Files, error) {
	begun := time.Now()
	if err := os.RemoveAll(s.out); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "go", "run", "./site/cmd/site", "-country", s.country, "-out", s.out) //nolint:gosec // our own command
	cmd.Dir = s.root
	if said, err := cmd.CombinedOutput(); err != nil {
		s.log.WarnContext(ctx, "the site can't be made", "error", err)
		return nil, fmt.Errorf("the site can't be made: %w\n%s", err, said)
	}
	files := site.Files{}
	made := os.DirFS(s.out)
	err := fs.WalkDir(made, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(made, name)
		return err
	})
	s.log.InfoContext(ctx, "made the site anew", "files", len(files), "took", time.Since(begun).Round(time.Millisecond))
	return files, err
}

// look finds out what the sources are like now. What can't be read counts as not there.
func look(root string) state {
	var now state
	for _, folder := range sources {
		_ = filepath.WalkDir(filepath.Join(root, filepath.FromSlash(folder)), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
				return nil //nolint:nilerr // see above
			}
			if info, err := entry.Info(); err == nil {
				now.files++
				if info.ModTime().After(now.last) {
					now.last = info.ModTime()
				}
			}
			return nil
		})
	}
	return now
}
