package page

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// A picture is a QR code as an SVG path of dark squares, on a light ground of Size squares each way.
type picture struct {
	Size int
	Path string
}

// quiet is the margin that readers need around a code, in squares.
const quiet = 4

// codePicture puts the two codes in a picture: as text, so that whoever reads it has them, and no address opens that would
// leave the secret in a history. It is the zero picture if they are too long for one.
func codePicture(name, reference, secret string) picture {
	code, err := qr.Encode(strings.Join([]string{name, reference, secret}, "\n"), qr.M)
	if err != nil {
		return picture{}
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			start := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > start {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", start+quiet, y+quiet, x-start, x-start)
			}
		}
	}
	return picture{Size: code.Size + 2*quiet, Path: path.String()}
}
