// Package snapshot holds the catalogue of a country compiled into one immutable file: what matching searches, what the
// mails and pages say about a service, and the settings that a match depends on. It is pure: no clock, no I/O. The same
// contents give the same bytes.
//
//	┌────────┬──────────┬───────────────┬────────────────────────────────────────────────┬─────────────────┐
//	│ head   │ settings │ index         │ documents                                      │ public          │
//	│ 1 KiB  │ JSON     │ the engine's  │ directory by id ─▶ HSDS objects, each deflated │ what is found   │
//	└────────┴──────────┴───────────────┴────────────────────────────────────────────────┴─────────────────┘
//	           ◀── matching reads ────▶   ◀── mails and pages read ────────────────────▶
//	                                      ◀── the API of the public directory reads ──────────────────────▶
//
// The public section (package opendata) is an addition: older files have none.
//
// The head has the versions and, for each section, where it is and two digests. SHA-256 is for what came over a network:
// it is reckoned while the bytes arrive, and the whole file's names the file. CRC-32C is for a file that was checked
// once and is opened again: it finds what disks and memory do, ten times as fast.
//
// Whatever is wrong with a file (truncated, damaged, another country's, another program's) is an error, never a panic.
package snapshot

import (
	"errors"
	"fmt"
	"time"
)

// Format is the version of the file format that this program writes and reads.
const Format = 1

// The sections, in the order in which they lie in a file.
const (
	Settings  = "settings"
	Index     = "index"
	Documents = "documents"
)

var (
	// ErrForeign is for a file that is no snapshot, or one of a format that this program does not read.
	ErrForeign = errors.New("snapshot: not a snapshot that this program reads")
	// ErrDamaged is for a snapshot whose bytes are not those that were written.
	ErrDamaged = errors.New("snapshot: damaged")
)

// A Manifest says what a snapshot is, without its contents.
type Manifest struct {
	Format  int    `json:"format"`
	Country string `json:"country"` // ISO 3166-1 alpha-2, in capitals
	// Catalogue is the version of the catalogue; goes into each result.
	Catalogue string `json:"catalogue"`
	// Rules are those that the index was compiled by (match.RulesOf).
	Rules string `json:"rules"`
	// Created is when, to the second, in UTC; the caller's word.
	Created time.Time `json:"created"`
	// Digest is the SHA-256 of the whole file, in hexadecimal.
	Digest string `json:"digest"`
	// Size of the file in bytes.
	Size     int64     `json:"size"`
	Sections []Section `json:"sections"`
}

// A Section is a part of the file that can be read by itself.
type Section struct {
	Name   string `json:"name"`
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	SHA256 string `json:"sha256"` // in hexadecimal

	crc uint32 // CRC-32C; known from a file's head only
}

// Section finds a section by its name.
func (m Manifest) Section(name string) (Section, error) {
	for _, s := range m.Sections {
		if s.Name == name {
			return s, nil
		}
	}
	return Section{}, fmt.Errorf("%w: it has no section %q", ErrForeign, name)
}

// Check refuses a manifest that can't be of a file that this program reads: of another format or country, or with
// sections that don't lie in the file.
func (m Manifest) Check(country string) error {
	switch {
	case m.Format != Format:
		return fmt.Errorf("%w: its format is %d, this program's %d", ErrForeign, m.Format, Format)
	case m.Country != country:
		return fmt.Errorf("%w: it is of the country %q, not %q", ErrForeign, m.Country, country)
	case m.Catalogue == "" || len(m.Catalogue) > longest || len(m.Rules) > longest:
		return fmt.Errorf("%w: it has no versions", ErrForeign)
	case m.Size < headSize || m.Size > largest:
		return fmt.Errorf("%w: %d bytes", ErrDamaged, m.Size)
	}
	for _, s := range m.Sections {
		if s.Offset < headSize || s.Length < 0 || s.Offset > m.Size || s.Length > m.Size-s.Offset {
			return fmt.Errorf("%w: the section %q lies outside the file", ErrDamaged, s.Name)
		}
	}
	return nil
}

// largest is the most that a snapshot may have, in bytes: ten times what a million services take.
const largest = 10 << 30
