package snapshot

import "encoding/binary"

// Mend makes all CRCs fit what a file now says, as far as it can be followed.
func Mend(file []byte) []byte {
	le := binary.LittleEndian
	if len(file) < headSize {
		return file
	}
	for i := range min(int(le.Uint32(file[12:])), mostEntries) {
		entry := file[tableAt+i*entrySize:]
		offset, length := le.Uint64(entry[16:]), le.Uint64(entry[24:])
		if offset > uint64(len(file)) || length > uint64(len(file))-offset {
			continue
		}
		section := file[offset : offset+length]
		if text(entry[:nameSize]) == Documents && len(section) >= preambleSize {
			end := preambleSize + uint64(le.Uint32(section))*recordSize + uint64(le.Uint32(section[4:])) + uint64(le.Uint32(section[8:]))
			if end <= uint64(len(section)) {
				le.PutUint32(section[12:], 0)
				le.PutUint32(section[12:], crcOf(section[:end]))
			}
		}
		le.PutUint32(entry[32:], crcOf(section))
	}
	le.PutUint32(file[headSize-4:], crcOf(file[:headSize-4]))
	return file
}
