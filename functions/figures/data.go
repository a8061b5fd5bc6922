package figures

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/locale"
)

// Licence is that of the figures: everybody may do everything with them.
const Licence = "https://creativecommons.org/publicdomain/zero/1.0/"

// schema says what the JSON is; a test holds the answers to it.
//
//go:embed schema.json
var schema []byte

// document is the whole of what is published.
type document struct {
	Title       string            `json:"title"`
	Country     string            `json:"country"` // ISO 3166-1 alpha-2
	Licence     string            `json:"licence"`
	Schema      string            `json:"schema"`
	Page        string            `json:"page"`
	K           int               `json:"k"`
	Definitions map[string]string `json:"definitions"`
	Periods     []figures.Release `json:"periods"`
}

func (h *Handler) json(releases []figures.Release) response {
	say := locale.For(locale.Default)
	made := document{
		Title: say.T("figures.title") + " – " + h.Pack.NameIn(locale.Default), Country: h.Pack.Code, Licence: Licence,
		Schema: h.BaseURL + dataPath + "?format=schema", Page: h.BaseURL + pagePath, K: figures.K,
		Definitions: map[string]string{
			"suppression": say.T("figures.privacy.text", "k", figures.K), "period": say.T("figures.once"),
			"region": say.T("figures.note.region"), "need": say.T("figures.note.need"), "case": say.T("figures.note.case"),
		},
		Periods: releases,
	}
	for _, measure := range figures.Measures {
		made.Definitions[string(measure)] = say.Code("figures.about", string(measure))
	}
	body, err := json.Marshal(made)
	if err != nil {
		panic(fmt.Errorf("marshalling figures: %w", err)) // ours, and always the same shape
	}
	return data("application/json", body)
}

var columns = []string{
	"period", "from", "to", "measure", "dimension", "group", "name", "region", "category", "cases", "suppressed",
}

// csv writes a line for each number, and one for each group that has none to show.
func (h *Handler) csv(releases []figures.Release) response {
	var body bytes.Buffer
	out := csv.NewWriter(&body)
	_ = out.Write(columns) // into memory
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
	answer := data("text/csv; charset=utf-8; header=present", body.Bytes())
	answer.headers["Content-Disposition"] = `attachment; filename="immerse-` + strings.ToLower(h.Pack.Code) + `-figures.csv"`
	return answer
}

// inert keeps a spreadsheet from taking what a catalogue's author wrote for a formula.
func inert(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n|", rune(text[0])) {
		return "'" + text
	}
	return text
}
