package page

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	"github.com/miict/immerse/shared/locale"
)

// A Picture is a QR code as an SVG path of dark squares, on a light ground of Size squares each way.
type Picture struct {
	Size int    `json:"size"`
	Path string `json:"path"`
}

// quiet is the margin that readers need around a code, in squares.
const quiet = 4

// CodePicture puts the two codes in a picture: as text, so that whoever reads it has them, and no address opens that would
// leave the secret in a history. It is the zero Picture if they are too long for one.
func CodePicture(lang, reference, secret string) Picture {
	code, err := qr.Encode(strings.Join([]string{locale.For(lang).T("site.name"), reference, secret}, "\n"), qr.M)
	if err != nil {
		return Picture{}
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
	return Picture{Size: code.Size + 2*quiet, Path: path.String()}
}
