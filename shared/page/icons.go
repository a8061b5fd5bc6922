package page

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"sync"
)

// icons are drawn for this site, as lines on a field of 24 by 24: groups of questions, kinds of form, kinds of need, and what a
// page does. They stand beside words and say nothing that those don't.
var icons = map[string]string{
	"needs":   heart,
	"place":   "M3 11l9-8 9 8M6 9v11h12V9",
	"you":     "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-8 16-8 16 0",
	"skills":  "M4 5h16v11h-9l-5 4v-4H4z",
	"contact": "M3 6h18v12H3zl9 7 9-7",
	"consent": "M12 3l8 3v5c0 5-3 8-8 10-5-2-8-5-8-10V6zM9 12l2 2 4-4",

	"support":            heart,
	"expert_question":    "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M9 10c0-4 6-4 6 0 0 2-3 2-3 4M12 17h0",
	"volunteer":          "M7 11V6a1.5 1.5 0 0 1 3 0v4-6a1.5 1.5 0 0 1 3 0v6-5a1.5 1.5 0 0 1 3 0v8c0 5-2 8-6 8-3 0-4.5-2-7-7 1-1.5 2.5-1 4 1z",
	"event_registration": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",

	"accommodation":      "M3 6v13M3 15h18v4M21 15c0-6-6-6-11-6v6",
	"health":             "M9 3h6v6h6v6h-6v6H9v-6H3V9h6z",
	"legal":              "M12 3v18M7 21h10M5 6h14M5 6l-3 8h6zM19 6l-3 8h6z",
	"language":           "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M3 12h18M12 3c-5 6-5 12 0 18M12 3c5 6 5 12 0 18",
	"employment":         "M3 8h18v12H3zM9 8V4h6v4M3 13h18",
	"training":           "M4 20l9-9M10 6l5-3 6 6-3 5z",
	"education":          "M12 6v14c-3-2-6-2-9-2V4c3 0 6 0 9 2 3-2 6-2 9-2v14c-3 0-6 0-9 2",
	"social_security":    "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M16 9a4 4 0 1 0 0 6M7 12h6",
	"mobility":           "M4 4h16v13H4zM4 11h16M7 17v3M17 17v3",
	"social_integration": "M8 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 20c0-8 12-8 12 0M16 4c5 0 5 7 0 7M17 14q4 1 4 6",
	"participation":      "M3 13h18v7H3zM6 13V4h12v9M9 8l2 2 4-4",

	"why":      "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M12 11v5M12 8h0",
	"skip":     "M5 5l9 7-9 7zM19 5v14",
	"case":     "M5 4h14v17H5zM9 4V2h6v2M9 11l2 2 4-4M9 17h6",
	"services": "M12 22c-5-6-7-9-7-12a7 7 0 0 1 14 0c0 3-2 6-7 12zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
	"rights":   "M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7",
}

const heart = "M12 20C2 14 4 5 8 5q3 0 4 3 1-3 4-3c4 0 6 9-4 15z"

// iconsPath is where pages look for the icons, all in one file. A picture of its own, rather than a drawing in the page, it is loaded
// once and costs the first page nothing; and, being a picture, it needs no more of the Content-Security-Policy than any other.
const iconsPath = "/assets/icons.svg"

// Icons is that file: the icons side by side, each a view with its name. Its one colour is seen on white and on black alike, as a
// picture doesn't follow the colours that readers choose.
var Icons = sync.OnceValue(func() []byte {
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d 24" fill="none" stroke="#1a7384" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">`, 24*len(icons))
	for i, name := range slices.Sorted(maps.Keys(icons)) {
		fmt.Fprintf(&out, "\n"+`<view id="%s" viewBox="%d 0 24 24"/><path transform="translate(%d)" d="%s"/>`, name, 24*i, 24*i, icons[name])
	}
	out.WriteString("\n</svg>\n")
	return []byte(out.String())
})

// Drawing is the icon of that name, to stand before words; empty if there is none.
func Drawing(name string) template.HTML { return drawn(name, "icon", 28) }

// Sign is the icon of that name as large as the words it stands among.
func Sign(name string) template.HTML { return drawn(name, "sign i-"+name, 20) }

func drawn(name, class string, size int) template.HTML {
	if icons[name] == "" {
		return ""
	}
	return template.HTML(fmt.Sprintf(`<img class="%[1]s" src="%[2]s#%[3]s" alt="" width="%[4]d" height="%[4]d">`, class, iconsPath, name, size)) // #nosec G203 -- ours
}
