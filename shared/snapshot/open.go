package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// A Snapshot is an opened file. It shares the file's bytes, which must not change, and is safe for concurrent use.
type Snapshot struct {
	manifest Manifest
	file     []byte
}

// Open opens a file that lies in memory, or is mapped into it. It checks the head and the sections that are used as a
// whole by CRC-32C; the documents have checks of their own. The error wraps ErrForeign or ErrDamaged.
//
// The digest of the manifest is empty until Verify is called: it takes longer than all else.
func Open(file []byte) (*Snapshot, error) {
	manifest, err := decodeHead(file)
	if err != nil {
		return nil, err
	}
	if manifest.Size != int64(len(file)) {
		return nil, fmt.Errorf("%w: it has %d bytes and was written with %d", ErrDamaged, len(file), manifest.Size)
	}
	s := &Snapshot{manifest, file}
	for _, section := range manifest.Sections {
		if section.Name != Documents && crcOf(s.bytes(section)) != section.crc {
			return nil, fmt.Errorf("%w: the section %s", ErrDamaged, section.Name)
		}
	}
	return s, nil
}

// Manifest says what the snapshot is.
func (s *Snapshot) Manifest() Manifest { return s.manifest }

// Section gives the bytes of a section.
func (s *Snapshot) Section(name string) ([]byte, error) {
	section, err := s.manifest.Section(name)
	if err != nil {
		return nil, err
	}
	return s.bytes(section), nil
}

func (s *Snapshot) bytes(section Section) []byte {
	return s.file[section.Offset : section.Offset+section.Length : section.Offset+section.Length]
}

// Documents gives the HSDS objects.
func (s *Snapshot) Documents() (*Directory, error) {
	section, err := s.Section(Documents)
	if err != nil {
		return nil, err
	}
	return OpenDocuments(section)
}

// Verify checks every byte and gives the manifest with the file's digest: sections by SHA-256, and that there is nothing
// between them but zeros.
func (s *Snapshot) Verify() (Manifest, error) {
	end := int64(headSize)
	for _, section := range s.manifest.Sections {
		if section.Offset < end || len(bytes.Trim(s.file[end:section.Offset], "\x00")) > 0 {
			return Manifest{}, fmt.Errorf("%w: something stands before the section %s", ErrDamaged, section.Name)
		}
		if err := section.Verify(s.bytes(section)); err != nil {
			return Manifest{}, err
		}
		end = section.Offset + section.Length
	}
	if end != int64(len(s.file)) {
		return Manifest{}, fmt.Errorf("%w: something stands after the last section", ErrDamaged)
	}
	manifest := s.manifest
	manifest.Digest = digest(s.file)
	return manifest, nil
}

// Verify checks the bytes of a section that was read by itself.
func (s Section) Verify(data []byte) error {
	sum := sha256.Sum256(data)
	if int64(len(data)) != s.Length || hex.EncodeToString(sum[:]) != s.SHA256 {
		return fmt.Errorf("%w: the section %s", ErrDamaged, s.Name)
	}
	return nil
}
