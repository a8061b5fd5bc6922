package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"time"
)

// The head of a file, in little-endian order: magic 8, format 4, number of sections 4, created (seconds since 1970) 8,
// size 8, country 8, catalogue 32, rules 32; then for each section name 16, offset 8, length 8, CRC-32C 4, 4 free,
// SHA-256 32; zeros; and as the last four bytes the CRC-32C of all before them. Texts end with zeros.
const (
	headSize    = 1024
	tableAt     = 104
	entrySize   = 72
	mostEntries = (headSize - 4 - tableAt) / entrySize
	longest     = 32 // of a version, in bytes
	nameSize    = 16
	align       = 64 // each section begins at a multiple, so that an index may be used where it lies
)

// magic tells a snapshot from any other file. Its last bytes are harmed by whoever takes it for text.
var magic = [8]byte{'I', 'M', 'M', 'S', 'N', 'A', 'P', '\n'}

var castagnoli = crc32.MakeTable(crc32.Castagnoli) // the CRC that processors have an instruction for

func crcOf(data []byte) uint32 { return crc32.Checksum(data, castagnoli) }

func updateCRC(sum uint32, data []byte) uint32 { return crc32.Update(sum, castagnoli, data) }

// encode writes the head.
func (m Manifest) encode() ([]byte, error) {
	for name, text := range map[string]string{"country": m.Country, "catalogue version": m.Catalogue, "rules version": m.Rules} {
		if text == "" || len(text) > longest || bytes.IndexByte([]byte(text), 0) >= 0 {
			return nil, fmt.Errorf("snapshot: the %s %q is empty or longer than %d bytes", name, text, longest)
		}
	}
	if len(m.Country) > 8 || len(m.Sections) > mostEntries {
		return nil, fmt.Errorf("snapshot: the country %q or %d sections don't fit into a head", m.Country, len(m.Sections))
	}
	head := make([]byte, headSize)
	copy(head, magic[:])
	le := binary.LittleEndian
	le.PutUint32(head[8:], uint32(m.Format))          //nolint:gosec // a small constant
	le.PutUint32(head[12:], uint32(len(m.Sections)))  //nolint:gosec // at most mostEntries
	le.PutUint64(head[16:], uint64(m.Created.Unix())) //nolint:gosec // read back as what it was
	le.PutUint64(head[24:], uint64(m.Size))           //nolint:gosec // never negative
	copy(head[32:40], m.Country)
	copy(head[40:72], m.Catalogue)
	copy(head[72:104], m.Rules)
	for i, s := range m.Sections {
		entry := head[tableAt+i*entrySize:]
		copy(entry[:nameSize], s.Name)
		le.PutUint64(entry[16:], uint64(s.Offset)) //nolint:gosec // never negative
		le.PutUint64(entry[24:], uint64(s.Length)) //nolint:gosec // never negative
		le.PutUint32(entry[32:], s.crc)
		if _, err := hex.Decode(entry[40:72], []byte(s.SHA256)); err != nil {
			return nil, fmt.Errorf("snapshot: the digest of section %s: %w", s.Name, err)
		}
	}
	le.PutUint32(head[headSize-4:], crcOf(head[:headSize-4]))
	return head, nil
}

// decodeHead reads a head. Digest is left empty: a head can't know it.
func decodeHead(file []byte) (Manifest, error) {
	if len(file) < headSize || !bytes.Equal(file[:8], magic[:]) {
		return Manifest{}, ErrForeign
	}
	le := binary.LittleEndian
	head := file[:headSize]
	if format := le.Uint32(head[8:]); format != Format { // before the CRC, which another format may have elsewhere
		return Manifest{}, fmt.Errorf("%w: its format is %d, this program's %d", ErrForeign, format, Format)
	}
	if crcOf(head[:headSize-4]) != le.Uint32(head[headSize-4:]) {
		return Manifest{}, fmt.Errorf("%w: the head", ErrDamaged)
	}
	m := Manifest{
		Format: Format, Country: text(head[32:40]), Catalogue: text(head[40:72]), Rules: text(head[72:104]),
		Created: time.Unix(int64(le.Uint64(head[16:])), 0).UTC(), //nolint:gosec // as it was written
		Size:    int64(le.Uint64(head[24:])),                     //nolint:gosec // Check refuses negative ones
	}
	count := le.Uint32(head[12:])
	if count > mostEntries {
		return Manifest{}, fmt.Errorf("%w: %d sections", ErrDamaged, count)
	}
	for i := range int(count) {
		entry := head[tableAt+i*entrySize:][:entrySize]
		m.Sections = append(m.Sections, Section{
			Name:   text(entry[:nameSize]),
			Offset: int64(le.Uint64(entry[16:])), //nolint:gosec // Check refuses negative ones
			Length: int64(le.Uint64(entry[24:])), //nolint:gosec // likewise
			SHA256: hex.EncodeToString(entry[40:72]), crc: le.Uint32(entry[32:]),
		})
	}
	return m, m.Check(m.Country)
}

func text(padded []byte) string { return string(bytes.TrimRight(padded, "\x00")) }

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
