package vault

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
)

// packed is the first byte of a part that is compressed JSON. JSON itself never begins with it: parts of earlier releases
// are JSON as it is.
const packed = 1

// largest is the most that a part may unpack to, in bytes: twice what an application may take.
const largest = 128 << 10

// pack writes a value as compressed JSON: most of a part is the names of its fields, and a table's writes are paid by
// size. What a length tells of a part (how much somebody wrote) it told before.
func pack(value any) ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte(packed)
	writer, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(writer).Encode(value); err != nil {
		return nil, err
	}
	err = writer.Close()
	return out.Bytes(), err
}

func unpack(plaintext []byte, out any) error {
	if len(plaintext) == 0 || plaintext[0] != packed {
		return json.Unmarshal(plaintext, out)
	}
	return json.NewDecoder(io.LimitReader(flate.NewReader(bytes.NewReader(plaintext[1:])), largest)).Decode(out)
}
