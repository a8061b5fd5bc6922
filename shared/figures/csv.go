package figures

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

var columns = []string{
	"period", "from", "to", "measure", "dimension", "group", "name", "region", "category", "cases", "suppressed",
}

// WriteCSV writes a line for each number, and one for each group that has none to show, after a line of the columns' names. The error is w's.
func WriteCSV(w io.Writer, releases []Release) error {
	out := csv.NewWriter(w)
	_ = out.Write(columns) // Error says it at the end
	for _, release := range releases {
		for _, table := range release.Tables {
			for _, row := range table.Rows {
				line := []string{
					release.Period, release.From, release.To, string(table.Measure), row.Dimension, inert(row.Group), inert(row.Name), inert(row.Region),
				}
				if row.Counts == nil {
					_ = out.Write(append(line, "", "", row.Reason))
					continue
				}
				for i, category := range table.Categories {
					_ = out.Write(append(line[:len(line):len(line)], inert(strings.Join(category.Codes, "|")), strconv.Itoa(row.Counts[i]), ""))
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// inert keeps a spreadsheet from taking what a catalogue's author wrote for a formula.
func inert(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n|", rune(text[0])) {
		return "'" + text
	}
	return text
}
